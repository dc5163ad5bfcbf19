// The operations of the office on a case under review: offered calmly, asked again when something is missing, done with a reason.

import assert from "node:assert/strict";

import { Person } from "./people.mjs";
import { check, must } from "./report.mjs";

const form = (operation) => `main form[action$="/operate/${operation}"]`;

/** Opens the closed part of the page that an operation's form lies in. */
async function open(person, operation) {
  const part = person.page.locator("details", { has: person.page.locator(`form[action$="/operate/${operation}"]`) }).first();
  if ((await part.getAttribute("open")) === null) await part.locator("summary").first().click();
}

export async function office(browser, program, how, file) {
  const reviewer = await Person.sitDown(browser, program.base, { name: "shen.chen", ...how });
  await reviewer.signIn("shen.chen", program.password("shen.chen"), "/desk/sign-in");
  await must("a case under review offers its operations, all closed", async () => {
    await reviewer.go(file);
    await reviewer.look("office: a case under review");
    for (const operation of ["hand-over", "delegate", "add-signers", "copy", "urge"]) {
      assert((await reviewer.page.locator(form(operation)).count()) > 0, `${operation} is not offered`);
    }
    assert.equal(await reviewer.page.locator("section.office details[open]").count(), 0, "an operation is open");
  });
  await check("handing over without a name and a reason is asked for again", async () => {
    await open(reviewer, "hand-over");
    const answer = await reviewer.press(`${form("hand-over")} button:not([type=button])`);
    assert.equal(answer.status(), 422);
    assert.match(await reviewer.text(), /请写理由/);
    await reviewer.look("office: asked again", { frozen: true });
  });
  await check("a copy goes to a colleague, who finds it", async () => {
    await reviewer.go(file);
    await open(reviewer, "copy");
    const colleague = reviewer.page.locator(`${form("copy")} input[name="who"]`).first();
    await colleague.check();
    const answer = await reviewer.press(`${form("copy")} button:not([type=button])`);
    assert.equal(answer.status(), 200, await reviewer.text());
    assert.match(await reviewer.text(), /抄送/);
  });
  await check("urging is told once a day", async () => {
    await reviewer.go(file);
    await open(reviewer, "urge");
    const answer = await reviewer.press(`${form("urge")} button:not([type=button])`);
    assert.equal(answer.status(), 200, await reviewer.text());
    await reviewer.look("office: urged");
    const again = await reviewer.ask(`${file}/operate/urge`, { method: "POST", form: { csrf: await reviewer.token() } });
    assert.equal(again.status(), 409);
  });
  await reviewer.leave();
}
