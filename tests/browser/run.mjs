// The tests in a browser: the real program, both databases, real pages. `cargo xtask test --only browser` builds what it needs
// and calls this. BANHAO_BIN names the program, BANHAO_TEST_POSTGRES a server to make a database on, BANHAO_CHROMIUM the browser.
// `node run.mjs sqlite` or `node run.mjs postgres` runs one database only.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { cockpit } from "./cockpit.mjs";
import { crash } from "./crash.mjs";
import { desk } from "./desk.mjs";
import { editor } from "./editor.mjs";
import { fees } from "./fees.mjs";
import { counted } from "./http.mjs";
import { jobs } from "./jobs.mjs";
import { mistakes } from "./mistakes.mjs";
import { moving } from "./moving.mjs";
import { outage } from "./outage.mjs";
import { openBrowser } from "./people.mjs";
import { Program } from "./program.mjs";
import { check, failures, finish, must, part } from "./report.mjs";
import { take } from "./take.mjs";
import { takeElectronically, walk } from "./walk.mjs";
import { worklist } from "./worklist.mjs";

// Both widths, and both with and without scripts, without walking four times.
const PASSES = [
  { kind: "sqlite", how: { width: 390, scripts: false } },
  { kind: "postgres", how: { width: 1280, scripts: true } },
];

async function pass(browser, { kind, how }) {
  const failedBefore = failures();
  const program = await Program.prepare(kind);
  // Interrupted: nothing stays behind.
  const interrupted = () => Program.removeAll().finally(() => process.exit(130));
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    let running = false;
    await part(`${kind}: start`, () =>
      must("the program starts with the demonstration", async () => {
        const took = await program.start();
        running = true;
        return `${took} ms to the first answer`;
      }));
    if (!running) return;
    await part(`${kind}, ${how.width} px, scripts ${how.scripts ? "on" : "off"}: from search to rating`, () => walk(browser, program, how, desk));
    await part(`${kind}: a result taken electronically`, () => takeElectronically(browser, program, how));
    await part(`${kind}: an application taken at the window`, () => take(browser, program, how));
    await part(`${kind}: the worklist`, () => worklist(browser, program, how));
    await part(`${kind}: the process editor`, () => editor(browser, program, how));
    await part(`${kind}: running cases move to a new version`, () => moving(browser, program, how));
    await part(`${kind}: background jobs that failed`, () => jobs(browser, program, how));
    await part(`${kind}: fees by a table`, () => fees(browser, kind, how));
    await part(`${kind}: bad input`, () => mistakes(browser, program, how));
    await part(`${kind}: the cockpit`, () => cockpit(browser, program));
    await part(`${kind}: the power goes out`, () => crash(program));
    await part(`${kind}: the power goes out while processes run`, () => outage(program));
    await part(`${kind}: afterwards`, async () => {
      await check("it stops when asked", async () => assert.equal(await program.stop(), 0));
      await check("banhao verify: sound", async () => {
        const said = await program.verify();
        assert.equal(said.code, 0, said.text);
        assert.match(said.text, /Sound/);
        return /Sound: (.*)/.exec(said.text)?.[1];
      });
    });
  } finally {
    if (failures() > failedBefore) {
      const log = join(tmpdir(), `banhao-browser-${kind}.log`);
      writeFileSync(log, program.log);
      console.log(`\nThe program said (all of it in ${log}):\n${program.log.slice(-6000)}`);
    }
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    await program.remove();
  }
}

const only = process.argv[2];
const browser = await openBrowser();
try {
  for (const one of PASSES.filter(({ kind }) => !only || kind === only)) await pass(browser, one);
} finally {
  await browser.close();
}
await part("all answers", () =>
  check("no answer of 5xx in the whole run", () => {
    const { text, serverErrors } = counted();
    assert.deepEqual(serverErrors, []);
    return text;
  }));
process.exit(finish());
