// The power goes out in the middle of 200 submissions. What was acknowledged is there once, what was not can be sent again.

import assert from "node:assert/strict";

import { atOnce, draft, newcomer, send } from "./apply.mjs";
import { check, must } from "./report.mjs";

const COUNT = 200;
const ACKNOWLEDGED_BEFORE = 60;

/** Every case on "my cases", page by page: id → number. */
async function casesOf(client) {
  const cases = new Map();
  let path = "/my";
  while (path) {
    const { status, text } = await client.get(path);
    assert.equal(status, 200);
    for (const [, id, number] of text.matchAll(/class="matter-link" href="\/cases\/([^"]+)"[\s\S]*?class="number">([^<]+)</g)) {
      assert(!cases.has(id), `${id} is listed twice`);
      cases.set(id, number);
    }
    path = /href="(\/my\?after=[^"#]+)#cases"/.exec(text)?.[1].replaceAll("&amp;", "&");
  }
  return cases;
}

export async function crash(program) {
  let client;
  let ids;
  await must(`${COUNT} applications are ready to be sent`, async () => {
    client = await newcomer(program.base, "301");
    const known = new Map();
    const first = await draft(client, known);
    const token = client.token;
    ids = [first, ...(await atOnce(8, Array.from({ length: COUNT - 1 }, () => () => draft(client, known))))];
    assert.equal(new Set(ids).size, COUNT);
    client.token = token;
    assert.equal((await casesOf(client)).size, 0);
  });

  const acknowledged = new Map();
  let answered = 0;
  await must(`killed (-9) in the middle of ${COUNT} submissions at once`, async () => {
    let killing;
    const answers = ids.map(async (id) => {
      try {
        const answer = await send(client, id);
        assert.equal(answer.status, 303, `${answer.status}: ${answer.text.slice(0, 500)}`);
        acknowledged.set(id, answer.headers.location);
      } catch (error) {
        if (error.name === "AssertionError") throw error;
        // No answer: the program is gone.
      }
      if (acknowledged.size >= ACKNOWLEDGED_BEFORE) killing ??= program.kill();
    });
    await Promise.all(answers);
    await killing;
    assert(acknowledged.size >= ACKNOWLEDGED_BEFORE, `only ${acknowledged.size} were acknowledged`);
    answered = acknowledged.size;
    return `${answered} were acknowledged before the end`;
  });

  await must("it starts again on the same data", async () => `${await program.start()} ms to the first answer`);

  let kept = 0;
  await check("all are sent again: every acknowledged one is the same case as before", async () => {
    const before = await casesOf(client);
    for (const [id, location] of acknowledged) {
      assert(before.has(location.split("/")[2]), `the acknowledged ${location} (draft ${id}) is gone`);
    }
    kept = before.size;
    const again = await atOnce(16, ids.map((id) => () => send(client, id)));
    again.forEach((answer, at) => {
      assert.equal(answer.status, 303, `${answer.status}: ${answer.text.slice(0, 500)}`);
      const location = acknowledged.get(ids[at]);
      if (location) assert.equal(answer.headers.location, location);
      acknowledged.set(ids[at], answer.headers.location);
    });
    return `${kept} were kept, ${COUNT - kept} are new`;
  });

  await check(`exactly ${COUNT} cases, each with a number of its own`, async () => {
    const cases = await casesOf(client);
    assert.equal(cases.size, COUNT);
    assert.equal(new Set(cases.values()).size, COUNT, "a number was given twice");
    assert.equal(new Set(acknowledged.values()).size, COUNT, "two applications led to one case");
    // On SQLite the serial numbers of the day leave no gap. On PostgreSQL nobody waits for another's commit: a submission
    // that was cut off before its answer may leave its number out, and only such a one.
    const serials = [...cases.values()].map((number) => Number(number.slice(-4))).sort((a, b) => a - b);
    const left = serials.at(-1) - serials[0] - (COUNT - 1);
    const most = program.kind === "postgres" ? COUNT - answered : 0;
    assert(left >= 0 && left <= most, `serials ${serials[0]} to ${serials.at(-1)}, ${left} left out, ${most} may be`);
  });
}
