// bpmn-engine through the approval of the benchmark, as fast as it goes: node bench_bpmn_engine.mjs FILE memory|written|reread SECONDS.
// Prints one JSON object: instances, seconds, version. `written`: the state is written as JSON after every step; `reread`: and the run
// goes on from what is read from it. The model is parsed once; a run that does not end as it should is an error, never a number.
import { readFileSync } from "node:fs";
import * as elements from "bpmn-elements";
import { Engine } from "bpmn-engine";
import BpmnModdle from "bpmn-moddle";
import serializer, { TypeResolver } from "moddle-context-serializer";

const ANSWERS = { accept: { accepted: true }, review: { passed: true }, decide: {} };

async function parsed(path) {
  const condition = /(<conditionExpression[^>]*>)(\w+) = true</g;
  const text = readFileSync(path, "utf8").replace(condition, "$1${environment.variables.$2}<");
  return serializer(await new BpmnModdle().fromXML(text), TypeResolver(elements));
}

const written = (execution) => JSON.stringify(execution.getState());
const keeps = {
  memory: (execution) => execution,
  written: (execution) => {
    written(execution);
    return execution;
  },
  reread: async (execution) => {
    const read = JSON.parse(written(execution));
    return execution.state === "running" ? new Engine().recover(read).resume() : execution;
  },
};

async function run(sourceContext, keep) {
  let execution = await keep(await new Engine({ name: "bench", sourceContext }).execute());
  const steps = [];
  while (execution.state === "running") {
    const [task] = execution.getPostponed();
    steps.push(task.id);
    Object.assign(task.environment.variables, ANSWERS[task.id]);
    task.signal();
    execution = await keep(execution);
  }
  if (steps.join() !== "accept,review,decide") throw new Error(`the run went wrong: ${steps}`);
  return execution;
}

const [path, mode, seconds] = [process.argv[2], process.argv[3], Number(process.argv[4]) * 1e3];
const [context, keep] = [await parsed(path), keeps[mode]];
for (const until = performance.now() + seconds / 5; performance.now() < until; ) await run(context, keep); // Warms up.
let instances = 0;
const start = performance.now();
for (; performance.now() < start + seconds; instances += 1) await run(context, keep);
const took = (performance.now() - start) / 1e3;
const version = (await run(context, keep)).getState().engineVersion;
process.stdout.write(JSON.stringify({ instances, seconds: took, version }));
