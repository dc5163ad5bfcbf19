// The desk's part of the walk: accept, review, decide, hand over, each by the person whose job it is.

import assert from "node:assert/strict";

import { fill } from "./fill.mjs";
import { Person, until } from "./people.mjs";
import { check, must } from "./report.mjs";

const OPINION = "材料齐全，符合条件。";

/** Sits somebody of the staff down at their desk. */
async function sitDown(browser, program, login, how) {
  const person = await Person.sitDown(browser, program.base, { name: login, ...how });
  await person.go("/desk/sign-in");
  await person.look("desk: sign-in");
  await person.signIn(login, program.password(login), "/desk/sign-in");
  return person;
}

/** The form of an act on the file's page: by the end of its action. */
function form(act) {
  return `main form[method=post][action*="/${act}"]`;
}

/** Fills the form of an act and sends it; a page that asks once more is answered. */
async function act(person, name, given) {
  await fill(person.page, form(name), given);
  const answer = await person.press(`${form(name)} button:not([type=button])`);
  assert(answer.status() < 400, `${answer.status()}: ${await person.text()}`);
  if ((await person.page.locator("form.confirm").count()) > 0) await person.press("form.confirm button");
}

export async function desk(browser, program, how, id, citizen) {
  const file = `/desk/cases/${id}`;

  const acceptor = await sitDown(browser, program, "shou.luo", how);
  await must("the acceptor finds the case in the worklist", async () => {
    await acceptor.go("/desk");
    await acceptor.look("desk: worklist");
    assert((await acceptor.page.locator(`main a[href^="${file}"]`).count()) > 0, "the case is not in the list");
  });
  await must("the acceptor accepts", async () => {
    await acceptor.press(`main a[href^="${file}"]`);
    await acceptor.look("desk: case file");
    await act(acceptor, "accept", {});
    await acceptor.go(file);
    assert.equal(await acceptor.page.locator(form("accept")).count(), 0);
  });
  await check("the acceptor cannot decide", async () => {
    const answer = await acceptor.ask(`${file}/decide`, { method: "POST", form: { csrf: await acceptor.token(), decision: "grant", reason: OPINION } });
    assert([403, 409, 422].includes(answer.status()), `${answer.status()}`);
  });
  await acceptor.leave();

  const reviewer = await sitDown(browser, program, "shen.chen", how);
  await must("the reviewer gives an opinion on every step", async () => {
    let steps = 0;
    for (; steps < 5; steps += 1) {
      await reviewer.go(file);
      if ((await reviewer.page.locator(form("review")).count()) === 0) break;
      await reviewer.look("desk: review");
      await act(reviewer, "review", { opinion: OPINION });
    }
    assert.equal(steps, 2, "the food licence has a paper review and an inspection");
  });
  await check("the reviewer cannot decide", async () => {
    assert.equal(await reviewer.page.locator(form("decide")).count(), 0, "the form is shown");
    const answer = await reviewer.ask(`${file}/decide`, { method: "POST", form: { csrf: await reviewer.token(), decision: "grant", reason: OPINION } });
    assert.equal(answer.status(), 403);
  });
  await reviewer.leave();

  const decider = await sitDown(browser, program, "ding.gao", how);
  await must("the decider grants", async () => {
    await decider.go(file);
    await decider.look("desk: decision");
    await act(decider, "decide", { decision: "grant", reason: OPINION });
  });
  await decider.leave();

  const clerk = await sitDown(browser, program, "chu.lin", how);
  await must("the licence is made", () =>
    until("the form to hand it over", async () => {
      await clerk.go(file);
      return clerk.page.locator(form("deliver")).count();
    }, 60_000));
  await must("the exit clerk hands over against a signature", async () => {
    await clerk.look("desk: hand over");
    await act(clerk, "deliver", { method: "window" });
  });
  await clerk.leave();

  await check("the citizen's page says it is finished", async () => {
    await citizen.go(`/cases/${id}`);
    assert((await citizen.page.locator(`a[href="/cases/${id}/rate"]`).count()) > 0, await citizen.text());
  });
}
