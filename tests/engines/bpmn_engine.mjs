// Runs processes in bpmn-engine as it is told by lines of JSON, one answer for each line (docs/differential.md).
//
//   {"do":"start","xml":TEXT,"variables":{}}            begins a run; the one before is forgotten
//   {"do":"complete","task":ELEMENT,"variables":{}}     an open task of this element is done
//
// Answer: {"open":[ELEMENT],"ends":[ELEMENT],"state":"running"|"over"} or {"error":TEXT}.
//
// bpmn-engine leaves variables to its host. Here they are one object that all scopes share, `variables.v`.

import { createInterface } from "node:readline";
import { EventEmitter } from "node:events";
import { Engine } from "bpmn-engine";

let run = null;

async function start({ xml, variables }) {
  if (run) await forget(run);
  const listener = new EventEmitter();
  const current = { open: new Map(), ends: [], values: { ...variables }, execution: null, failure: null, over: false };
  run = current;
  listener.on("activity.wait", (api) => {
    if (api.type === "bpmn:UserTask") current.open.set(api.executionId, api);
  });
  // Of end events with an error or a termination the end is never told: what they stop is also what tells it.
  listener.on("activity.start", (api) => {
    if (api.type === "bpmn:EndEvent") current.ends.push(api.id);
  });
  const engine = new Engine({ source: xml, variables: { v: current.values } });
  engine.once("end", () => { current.over = true; });
  engine.once("error", (error) => { current.failure = error; });
  current.execution = await engine.execute({ listener });
}

async function complete({ task, variables }) {
  for (const [id, api] of alive()) {
    if (api.id !== task) continue;
    Object.assign(run.values, variables);
    run.open.delete(id);
    api.signal();
    return;
  }
  throw new Error(`${task} is not open`);
}

async function forget(old) {
  if (!old.over && !old.failure && old.execution) await old.execution.stop();
}

/** Open tasks whose activity still runs: what a terminated or interrupted scope leaves behind is not told as an event. */
function alive() {
  const running = new Set();
  const collect = (all) => {
    for (const api of all) {
      if (running.has(api.executionId)) continue; // a subprocess is among its own
      running.add(api.executionId);
      if (api.owner.isSubProcess) collect(api.getPostponed());
    }
  };
  if (!run.over) collect(run.execution.getPostponed());
  return [...run.open].filter(([id]) => running.has(id) || running.has(id.replace(/_\d+$/, "")));
}

const settled = () => new Promise((done) => setImmediate(done));

async function answer(request) {
  try {
    await ({ start, complete })[request.do](request);
    await settled();
    if (run.failure) throw run.failure;
    const open = alive().map(([, api]) => api.id).sort();
    return { open, ends: [...run.ends].sort(), state: run.over ? "over" : "running" };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
