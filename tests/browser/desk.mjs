// The desk's part of the walk: accept, review, decide, hand over, each by the person whose job it is.

import assert from "node:assert/strict";

import { fill } from "./fill.mjs";
import { office } from "./office.mjs";
import { Person, until } from "./people.mjs";
import { reasons } from "./reasons.mjs";
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

/** Signs on the pad as a finger would. */
async function sign(person) {
  const pad = person.page.locator(`${form("deliver")} canvas`);
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await person.page.mouse.move(x + width * 0.2, y + height * 0.3);
  await person.page.mouse.down();
  for (const [across, down] of [[0.4, 0.7], [0.6, 0.3], [0.8, 0.6]]) {
    await person.page.mouse.move(x + width * across, y + height * down, { steps: 5 });
  }
  await person.page.mouse.up();
}

/** Opens a file from the page and waits until it is in the frame beside the form; the page stays. */
async function lookAt(person, link) {
  const here = person.page.url();
  const href = await link.getAttribute("href");
  await link.click();
  await until(`${href} in the frame`, () => person.page.frame({ name: "desk-viewer" })?.url().endsWith(href));
  assert.equal(person.page.url(), here, "the page was left");
  assert(await person.page.locator('iframe[name="desk-viewer"]').isVisible());
}

export async function desk(browser, program, how, id, citizen) {
  const file = `/desk/cases/${id}`;

  const acceptor = await sitDown(browser, program, "shou.luo", how);
  await must("the acceptor finds the case in the worklist", async () => {
    await acceptor.go("/desk");
    await acceptor.look("desk: worklist");
    assert((await acceptor.page.locator(`main a[href^="${file}"]`).count()) > 0, "the case is not in the list");
  });
  await must("the acceptor opens the file and looks at a material", async () => {
    await acceptor.press(`main a[href^="${file}"]`);
    await acceptor.look("desk: case file");
    await lookAt(acceptor, acceptor.page.locator('main a[href*="/files/"]').first());
    await acceptor.go(file);
    assert.match(await acceptor.text(), /查看文件的记录（1 次）/);
  });
  await reasons(acceptor, file);
  await must("the acceptor accepts", async () => {
    await act(acceptor, "accept", {});
    await acceptor.go(file);
    assert.equal(await acceptor.page.locator(form("accept")).count(), 0);
  });
  await check("the acceptor cannot decide", async () => {
    const answer = await acceptor.ask(`${file}/decide`, { method: "POST", form: { csrf: await acceptor.token(), decision: "grant", reason: OPINION } });
    assert([403, 409, 422].includes(answer.status()), `${answer.status()}`);
  });
  await acceptor.leave();
  await office(browser, program, how, file);

  const reviewer = await sitDown(browser, program, "shen.chen", how);
  await check("an opinion without a verdict comes back as it was, with what is missing", async () => {
    await reviewer.go(file);
    assert.equal(await reviewer.page.locator("main input:checked").count(), 0, "something is chosen beforehand");
    await reviewer.page.locator(`${form("review")} [name=opinion]`).first().fill(OPINION);
    const answer = await reviewer.press(`${form("review")} button`);
    assert.equal(answer.status(), 422);
    assert.equal(await reviewer.page.locator(`${form("review")} [name=opinion]`).first().inputValue(), OPINION);
    assert.match(await reviewer.page.title(), /^有误/);
    const target = await reviewer.page.locator("[data-error-summary] a").getAttribute("href");
    assert.equal(await reviewer.page.locator(`[id="${target.slice(1)}"]`).count(), 1);
    await reviewer.look("desk: review without a verdict", { frozen: true });
  });
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
    if (how.scripts) {
      // The receiver forgets the name: what was drawn is still there.
      await clerk.page.check(`${form("deliver")} [name=method][value=window]`);
      await sign(clerk);
      const answer = await clerk.press(`${form("deliver")} button:not([type=button])`);
      assert.equal(answer.status(), 422);
      await clerk.look("desk: hand over without a name", { frozen: true });
      assert.match(await clerk.page.locator("[data-signature-drawing]").inputValue(), /^data:image\/png;base64,/);
      await act(clerk, "deliver", { method: "window", signature: "" });
    } else {
      await act(clerk, "deliver", { method: "window", signature: "测试甲" });
    }
    await clerk.look("desk: delivered");
    assert.match(await clerk.text(), how.scripts ? /查看签名/ : /键入：测试甲/);
    if (how.scripts) await lookAt(clerk, clerk.page.locator('main a[href$="/signature"]'));
  });
  await clerk.leave();

  await check("the citizen's page says it is finished", async () => {
    await citizen.go(`/cases/${id}`);
    assert((await citizen.page.locator(`a[href="/cases/${id}/rate"]`).count()) > 0, await citizen.text());
  });
}
