// Applying without a browser, for many applications at once: a matter with few questions, every form filled by its controls.

import assert from "node:assert/strict";

import { Client } from "./http.mjs";
import { answersFor } from "./fill.mjs";
import { png } from "./files.mjs";

const MATTER = "social-card-replacement";
const PASSWORD = "yi-ci-ban-hao-2026";

/** Registers somebody new and signs them in; `serial` makes them somebody else. */
export async function newcomer(base, serial) {
  const client = new Client(base);
  await client.get("/register");
  const person = { name: "测试丙", citizen_number: checked(`42108319050312${serial}`), mobile: `13000000${serial}`, address: "洪湖市示范路3号", password: PASSWORD };
  const answer = await client.post("/register", { back: "", ...person });
  assert.equal(answer.status, 303, `registering: ${answer.status} ${answer.text.slice(0, 2000)}`);
  await client.get("/my");
  return client;
}

/** A citizen number with its check character (GB 11643); births before 1910 are nobody's. */
function checked(seventeen) {
  const sum = [...seventeen].reduce((total, digit, place) => total + Number(digit) * (2 ** (17 - place) % 11), 0);
  return seventeen + "10X98765432"[sum % 11];
}

/** Begins an application and fills it up to the last page; gives where it is sent to. */
export async function draft(client, known) {
  const begun = await client.post(`/apply/${MATTER}`);
  assert.equal(begun.status, 303, `beginning: ${begun.status}`);
  const id = begun.headers.location.split("/").pop();
  let stop = (await client.get(begun.headers.location)).headers.location;
  while (!stop.endsWith("/check")) {
    const step = stop.replace(id, "ID").split("#")[0];
    let fields = known.get(step);
    if (!fields) {
      const page = await client.get(stop);
      if (step.endsWith("/materials")) {
        fields = { uploads: [...page.text.matchAll(/action="([^"]*\/materials\/[^"]+)"/g)].map(([, action]) => action.replace(id, "ID")) };
      } else {
        fields = { answers: answersFor(page.text, stop.split("#")[0]) };
      }
      known.set(step, fields);
    }
    for (const action of fields.uploads ?? []) {
      const there = await client.upload(action.replace("ID", id), `file.${action.split("/").pop()}`, png());
      assert.equal(there.status, 303, `uploading: ${there.status}`);
    }
    let answer = await client.post(stop, fields.answers);
    if (answer.status === 200) {
      // More questions because of an answer given.
      Object.assign(fields.answers, answersFor(answer.text, stop.split("#")[0]));
      answer = await client.post(stop, fields.answers);
    }
    assert.equal(answer.status, 303, `${step}: ${answer.status} ${/<ul>.*?<\/ul>/s.exec(answer.text)?.[0] ?? ""}`);
    stop = answer.headers.location;
  }
  return id;
}

/** Sends an application; doing so again leads to the same case. */
export function send(client, id) {
  return client.post(`/apply/draft/${id}/submit`, { delivery: "electronic", declare: "yes" });
}

/** Runs the jobs, so many at once. */
export async function atOnce(width, jobs) {
  const results = new Array(jobs.length);
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const at = next;
      next += 1;
      results[at] = await jobs[at]();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
