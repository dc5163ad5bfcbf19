// The cockpit: figures change while one looks at them; it is useful without scripts too.

import assert from "node:assert/strict";

import { draft, newcomer, send } from "./apply.mjs";
import { Person, until } from "./people.mjs";
import { check, must } from "./report.mjs";

export async function cockpit(browser, program) {
  const supervisor = await Person.sitDown(browser, program.base, { name: "supervisor", width: 1280, scripts: true });
  await must("the supervisor opens the cockpit", async () => {
    await supervisor.signIn("cha.he", program.password("cha.he"), "/desk/sign-in");
    const answer = await supervisor.go("/screens/cockpit");
    assert.equal(answer.status(), 200);
  });
  await supervisor.look("cockpit");
  await check("a case comes in: the figures change without loading the page again", async () => {
    const citizen = await newcomer(program.base, "302");
    const id = await draft(citizen, new Map());
    await supervisor.page.evaluate(() => {
      globalThis.notLoadedAgain = true;
    });
    const received = () => supervisor.text("#received-today");
    const before = await received();
    const since = performance.now();
    assert.equal((await send(citizen, id)).status, 303);
    await until("another figure", async () => (await received()) !== before);
    assert(await supervisor.page.evaluate(() => globalThis.notLoadedAgain === true), "the page was loaded again");
    return `${before.replace(/\s+/g, " ")} → ${(await received()).replace(/\s+/g, " ")} after ${Math.round(performance.now() - since)} ms`;
  });
  await supervisor.leave();

  await check("without scripts the cockpit shows the same figures", async () => {
    const still = await Person.sitDown(browser, program.base, { name: "supervisor", width: 390, scripts: false });
    await still.signIn("cha.he", program.password("cha.he"), "/desk/sign-in");
    await still.go("/screens/cockpit");
    assert.match(await still.text("#received-today"), /\d/);
    await still.look("cockpit without scripts");
    await still.leave();
  });
}
