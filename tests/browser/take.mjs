// Taking an application at the window: the clerk types everything for somebody who stands there, scans the materials, and gives
// them the receipt. One visit is counted.

import assert from "node:assert/strict";

import { fill } from "./fill.mjs";
import { png } from "./files.mjs";
import { Person } from "./people.mjs";
import { check, must } from "./report.mjs";

const FORM = 'main form[enctype="multipart/form-data"]';
const PERSON = { citizen_number: "421083190001010033", name: "测试丙", mobile: "13000000002", address: "洪湖市新堤街道示范路2号" };

export async function take(browser, program, how) {
  const stranger = await Person.sitDown(browser, program.base, { name: "nobody", ...how });
  await check("without a session the window is closed: to the staff's door", async () => {
    await stranger.go("/desk/take");
    assert.equal(stranger.path(), "/desk/sign-in");
  });
  await stranger.leave();

  const clerk = await Person.sitDown(browser, program.base, { name: "win.zhou", ...how });
  await clerk.go("/desk/sign-in");
  await clerk.signIn("win.zhou", program.password("win.zhou"), "/desk/sign-in");
  await must("the matter is found by a word for it", async () => {
    await clerk.press('nav a[href="/desk/take"]');
    await clerk.look("take: matters");
    await clerk.page.fill("#take-q", "食品经营");
    await clerk.press('main form[role="search"] button');
    await clerk.press(clerk.page.locator("main .paper-list a", { hasText: "食品经营许可" }));
    await clerk.look("take: person");
  });
  await must("a wrong citizen number is said, and what was typed stays", async () => {
    const person = 'main form[method="post"][action="/desk/take"]';
    await fill(clerk.page, person, { ...PERSON, citizen_number: "421083190001010034" });
    const answer = await clerk.press(`${person} button`);
    assert.equal(answer.status(), 422);
    assert.equal(await clerk.page.inputValue('[name="name"]'), PERSON.name);
    await clerk.look("take: person, with a mistake", { frozen: true });
    await fill(clerk.page, person, PERSON);
    await clerk.press(`${person} button`);
    assert.match(clerk.path(), /^\/desk\/take\/[0-9a-f-]{36}$/);
  });
  await must("an unfinished form is refused with all mistakes at once", async () => {
    await clerk.look("take: form");
    const known = await clerk.page.locator(`${FORM} input`).evaluateAll((controls) => controls.map((control) => control.value));
    assert(known.includes(PERSON.name) && known.includes(PERSON.mobile), "what is known is filled in");
    const answer = await clerk.press(`${FORM} button[value="submit"]`);
    assert.equal(answer.status(), 422);
    assert((await clerk.page.locator(".error-summary li").count()) > 3, await clerk.text());
    await clerk.look("take: form, with mistakes", { frozen: true });
  });
  await must("typed once, scanned once, submitted", async () => {
    // Saving shows the questions that appear because of an answer.
    for (let round = 0; round < 3; round += 1) {
      await fill(clerk.page, FORM, { delivery: "window" }, { keep: true });
      for (const scan of await clerk.page.locator(`${FORM} input[type=file]`).all()) {
        const slot = clerk.page.locator(".take-slot", { has: scan });
        if ((await slot.locator('button[name="remove"]').count()) === 0) await scan.setInputFiles(png("扫描件.png"));
      }
      const answer = await clerk.press(`${FORM} button.secondary[value="save"]`);
      assert.equal(answer.status(), 200, await clerk.text());
    }
    assert.equal(await clerk.page.locator(".take-slot .chip.warn").count(), 0, "every scan is there");
    await fill(clerk.page, FORM, { delivery: "window" }, { keep: true });
    const answer = await clerk.press(`${FORM} button[value="submit"]`);
    assert.equal(answer.status(), 200, await clerk.text());
    assert.match(clerk.path(), /\/receipt$/);
    await clerk.look("take: receipt");
    await clerk.go(clerk.path().replace(/\/receipt$/, ""));
    assert.match(clerk.path(), /\/receipt$/, "sent, the form leads to the receipt");
  });
  await check("one visit is counted, and the applicant is masked", async () => {
    await clerk.press('main .buttons a[href^="/desk/cases/"]:not([href*="/papers/"])');
    const text = await clerk.text();
    assert.match(text, /到现场 1 次/);
    assert(!text.includes(PERSON.citizen_number), "the number is shown");
  });
  await clerk.leave();
}
