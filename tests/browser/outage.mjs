// The power goes out while steps are done, timers ring and messages are under way, again and again. In the end each thing happened once.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { atOnce, draft, newcomer, send } from "./apply.mjs";
import { Client } from "./http.mjs";
import { ask } from "./program.mjs";
import { check, must } from "./report.mjs";

const COUNT = 40;
const ACKNOWLEDGED_BEFORE = 14;
const MATTER = "social-card-replacement";
const MESSAGE = "到点";
const PASSWORD = "yi-ci-ban-hao-2026";
/** Who accepts and who decides at the organisation of the matter. */
const STAFF = ["shou.peng", "ding.lv"];

/** Between acceptance and decision each case waits five seconds and then tells the others, and waits to be told by one of them. */
function process(shipped) {
  const flow = '<bpmn:sequenceFlow id="flow_accepted_or_not_decide" name="受理" sourceRef="accepted_or_not" targetRef="decide"/>';
  const into = "<bpmn:incoming>flow_accepted_or_not_decide</bpmn:incoming>";
  assert(shipped.includes(flow) && shipped.includes(into), "the shipped process reads differently");
  const between = `
    <bpmn:parallelGateway id="both"/><bpmn:parallelGateway id="ready"/>
    <bpmn:intermediateCatchEvent id="pause" name="等五秒"><bpmn:timerEventDefinition><bpmn:timeDuration>PT5S</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
    <bpmn:intermediateThrowEvent id="tell" name="告知"><bpmn:messageEventDefinition messageRef="message_now"/></bpmn:intermediateThrowEvent>
    <bpmn:intermediateCatchEvent id="hear" name="被告知"><bpmn:messageEventDefinition messageRef="message_now"/></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="flow_accepted_or_not_decide" name="受理" sourceRef="accepted_or_not" targetRef="both"/>
    <bpmn:sequenceFlow id="flow_pause" sourceRef="both" targetRef="pause"/>
    <bpmn:sequenceFlow id="flow_tell" sourceRef="pause" targetRef="tell"/>
    <bpmn:sequenceFlow id="flow_told" sourceRef="tell" targetRef="ready"/>
    <bpmn:sequenceFlow id="flow_hear" sourceRef="both" targetRef="hear"/>
    <bpmn:sequenceFlow id="flow_heard" sourceRef="hear" targetRef="ready"/>
    <bpmn:sequenceFlow id="flow_ready" sourceRef="ready" targetRef="decide"/>`;
  return shipped
    .replace(flow, between)
    .replace(into, "<bpmn:incoming>flow_ready</bpmn:incoming>")
    .replace(/<bpmn:process /, `<bpmn:message id="message_now" name="${MESSAGE}"/>\n  <bpmn:process `)
    .replace(/<bpmndi:BPMNDiagram[\s\S]*<\/bpmndi:BPMNDiagram>/, "");
}

/** Puts that process in force while the program stands still. */
async function publish(program) {
  const folder = mkdtempSync(join(tmpdir(), "banhao-outage-"));
  try {
    const written = await ask(["export", join(folder, "definitions"), ...program.place]);
    assert.equal(written.code, 0, written.text);
    const matter = join(folder, "definitions", "matters", MATTER);
    // As it is shipped: the tests before may have published another one.
    const shipped = readFileSync(new URL(`../../honghu/matters/${MATTER}/process.bpmn`, import.meta.url), "utf8");
    writeFileSync(join(matter, "process.bpmn"), process(shipped));
    const text = readFileSync(join(matter, "matter.toml"), "utf8");
    const version = Number(/^version = (\d+)/m.exec(text)[1]);
    writeFileSync(join(matter, "matter.toml"), text.replace(/^version = \d+/m, `version = ${version + 1}`));
    const taken = await ask(["import", join(folder, "definitions"), "--yes", ...program.place]);
    assert.equal(taken.code, 0, taken.text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function atTheDesk(program, login) {
  const client = new Client(program.base);
  await client.get("/desk/sign-in");
  const answer = await client.post("/desk/sign-in", { login, password: PASSWORD });
  assert.equal(answer.status, 303, `${login}: ${answer.status}`);
  await client.get("/desk");
  return client;
}

/** Does something with every case at once; the power goes out when so many have been told that it is done. */
async function interrupted(program, cases, act) {
  let [told, killing] = [0, undefined];
  await atOnce(6, cases.map((id) => async () => {
    try {
      const answer = await act(id);
      assert.equal(answer.status, 303, `${answer.status}: ${answer.text.slice(0, 500)}`);
      told += 1;
    } catch (error) {
      if (error.name === "AssertionError") throw error;
      // No answer: the program is gone.
    }
    if (told >= ACKNOWLEDGED_BEFORE) killing ??= program.kill();
  }));
  await killing;
  assert(killing, `only ${told} were told that it is done`);
  return told;
}

/** What the page of a case says happened, and how often. */
async function happened(client, id) {
  const { status, text } = await client.get(`/desk/cases/${id}`);
  assert.equal(status, 200, `${id}: ${status}`);
  const count = (words) => [...text.matchAll(/<div class="timeline-head"><strong>([^<]*)<\/strong>/g)].filter(([, title]) => words.test(title)).length;
  return {
    accepted: count(/^受理$/), fired: count(/^到时间/), sent: count(/^通知相关办件：到点/), received: count(/^收到：到点/),
    decided: count(/^准予/), made: count(/^结果制作完成/), issued: count(/^出具文书/),
  };
}

/** Asks again until it is so, as long as the answers change: a slow machine may take its time, a standstill may not. */
async function settled(question) {
  let seen = "";
  for (let same = 0; same < 120; same += 1) {
    const { so, now } = await question();
    if (so) return;
    if (JSON.stringify(now) !== seen) same = 0;
    seen = JSON.stringify(now);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.fail(`it does not come to an end: ${seen}`);
}

export async function outage(program) {
  let acceptor, decider, cases;
  await must(`${COUNT} cases of a process with a timer and messages`, async () => {
    assert.equal(await program.stop(), 0);
    await publish(program);
    for (const login of STAFF) {
      const set = await ask(["password", login, ...program.place], `${PASSWORD}\n`);
      assert.equal(set.code, 0, set.text);
    }
    await program.start();
    const client = await newcomer(program.base, "303");
    const known = new Map();
    const first = await draft(client, known);
    const ids = [first, ...(await atOnce(8, Array.from({ length: COUNT - 1 }, () => () => draft(client, known))))];
    const sent = await atOnce(8, ids.map((id) => () => send(client, id)));
    cases = sent.map((answer) => answer.headers.location.split("/")[2]);
    assert.equal(new Set(cases).size, COUNT);
    [acceptor, decider] = [await atTheDesk(program, STAFF[0]), await atTheDesk(program, STAFF[1])];
  });
  const twice = (answer) => assert([303, 409].includes(answer.status), `${answer.status}: ${answer.text.slice(0, 500)}`);
  const accept = (id) => acceptor.post(`/desk/cases/${id}/accept`);
  const decide = (id) => decider.post(`/desk/cases/${id}/decide`, { decision: "grant", reason: "同意" });

  await must("killed (-9) in the middle of accepting all of them", async () => {
    const told = await interrupted(program, cases, accept);
    return `${told} were accepted before the end`;
  });
  await must("accepted again; killed while timers ring and messages go round", async () => {
    await program.start();
    (await atOnce(8, cases.map((id) => () => accept(id)))).forEach(twice);
    let rung = 0;
    await settled(async () => {
      const all = await atOnce(8, cases.map((id) => () => happened(acceptor, id)));
      rung = all.filter((one) => one.fired > 0).length;
      return { so: rung > 0, now: all };
    });
    await program.kill();
    await program.start();
    return `${rung} of ${COUNT} timers had rung`;
  });
  await must("every timer has rung; who is told by nobody any more is told by staff", async () => {
    const all = async () => atOnce(8, cases.map((id) => () => happened(acceptor, id)));
    let before = "";
    await settled(async () => {
      const now = await all();
      const seen = now.map((one) => `${one.fired}${one.received}`).join();
      const so = now.every((one) => one.fired > 0) && seen === before;
      before = seen;
      return { so, now };
    });
    const left = (await all()).flatMap((one, at) => (one.received === 0 ? [cases[at]] : []));
    for (const id of left) {
      const answer = await acceptor.post(`/desk/cases/${id}/operate/message`, { message: MESSAGE, reply: "pass", note: "已告知" });
      assert.equal(answer.status, 303, answer.text.slice(0, 500));
    }
    return `${COUNT - left.length} were told by another case`;
  });
  await must("killed (-9) in the middle of deciding all of them", async () => {
    const told = await interrupted(program, cases, decide);
    await program.start();
    (await atOnce(8, cases.map((id) => () => decide(id)))).forEach(twice);
    return `${told} were decided before the end`;
  });
  await check("accepted, rung, told, decided, made: each once for each case", async () => {
    let all;
    await settled(async () => {
      all = await atOnce(8, cases.map((id) => () => happened(decider, id)));
      return { so: all.every((one) => one.made > 0 && one.issued >= 4), now: all };
    });
    // Receipt, acceptance, decision, card.
    const once = { accepted: 1, fired: 1, sent: 1, received: 1, decided: 1, made: 1, issued: 4 };
    all.forEach((one, at) => assert.deepEqual(one, once, cases[at]));
  });
}
