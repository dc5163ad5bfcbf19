// One matter from search to rating, as the people who take part in it: citizen, acceptor, reviewer, decider, exit clerk.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";

import { ask } from "./program.mjs";
import { CREDIT_CODE, fill } from "./fill.mjs";
import { liar, pdf, png } from "./files.mjs";
import { Person, until } from "./people.mjs";
import { check, must } from "./report.mjs";

const MATTER = "食品经营许可";
const FORM = "main form[method=post]";
const SUMMARY = "[data-error-summary]";

/** Searches, reads the guide, signs in on the way: ends on the start page of the application. */
async function find(citizen, program) {
  await must("search “开饭店” finds the food licence", async () => {
    await citizen.go("/");
    await citizen.look("front page");
    await citizen.page.fill('main input[name="q"]', "开饭店");
    await citizen.press("main form[role=search] button");
    assert.equal(citizen.path(), "/search");
    assert.match(await citizen.text("main a[href^='/matters/']"), new RegExp(MATTER));
  });
  await citizen.look("search");
  await must("its guide says what it takes", async () => {
    await citizen.press("main a[href^='/matters/']");
    const text = await citizen.text();
    for (const word of ["材料", "5个工作日", "食品安全法"]) assert(text.includes(word), `the guide does not say ${word}`);
  });
  await citizen.look("guide");
  await must("applying leads to signing in, and back to the application", async () => {
    await citizen.press("main a[href^='/apply/']");
    assert.equal(citizen.path(), "/sign-in");
    await citizen.look("sign-in");
    await citizen.page.fill('main [name="login"]', "13000000000");
    await citizen.page.fill('main [name="password"]', "not the password");
    const wrong = await citizen.press(`${FORM} button`);
    assert.equal(wrong.status(), 422);
    assert.equal(await citizen.page.locator(`${SUMMARY} li`).count(), 1);
    await citizen.signIn("13000000000", program.password("13000000000"));
    assert.match(citizen.path(), /^\/apply\/food-licence$/);
  });
  await citizen.look("apply: start");
}

/** The page where everything is wrong on purpose. */
async function makeMistakes(citizen) {
  await check("a page full of mistakes: all of them are told at once", async () => {
    const page = citizen.page;
    const wrongNumber = CREDIT_CODE.slice(0, -1) + (CREDIT_CODE.endsWith("L") ? "M" : "L");
    await fill(page, FORM, { applicant_name: "", applicant_number: wrongNumber, person_in_charge: "", applicant_mobile: "123" });
    const answer = await citizen.press(`${FORM} button:not([name])`);
    assert.equal(answer.status(), 422);
    const fields = await page.locator(".field.has-error").count();
    const told = await page.locator(`${SUMMARY} li`).allInnerTexts();
    assert.equal(fields, 4, `${fields} fields are marked`);
    assert.equal(told.length, 4, `told: ${told.join(" | ")}`);
    for (const link of await page.locator(`${SUMMARY} a`).all()) {
      const target = await link.getAttribute("href");
      assert.equal(await page.locator(target).count(), 1, `${target} leads nowhere`);
    }
    assert.equal(await page.locator('[name="applicant_number"]').inputValue(), wrongNumber, "what was typed is kept");
    assert.equal(await page.locator('[aria-invalid="true"]').count(), 4);
    if (citizen.scripts) {
      assert(await page.locator(SUMMARY).evaluate((summary) => summary === document.activeElement), "the summary has the focus");
    }
  });
  await citizen.look("apply: mistakes", { frozen: true });
}

/** Fills page after page until the check page; gives the path of the check page. */
async function fillIn(citizen) {
  const page = citizen.page;
  await must("the application begins", async () => {
    await citizen.press(`${FORM} button`);
    assert.match(citizen.path(), /^\/apply\/draft\/[0-9a-f-]{36}\//);
  });
  let mistaken = false;
  for (let step = 0; step < 12 && !/\/(materials|check)$/.test(citizen.path()); step += 1) {
    const path = citizen.path();
    await citizen.look(`apply: ${path.split("/").slice(4).join(" ")}`);
    if (!mistaken && (await page.locator('[name="applicant_number"]').count()) > 0) {
      mistaken = true;
      await makeMistakes(citizen);
    }
    await must(`${path.split("/").slice(4).join(" ")} filled in`, async () => {
      await fill(page, FORM, { total_area: "80", kitchen_area: "20" });
      let answer = await citizen.press(`${FORM} button:not([name])`);
      if (citizen.path() === path && answer.status() === 200) {
        await fill(page, FORM, {}, { keep: true });
        answer = await citizen.press(`${FORM} button:not([name])`);
      }
      assert.notEqual(citizen.path(), path, `${answer.status()}: ${await page.locator(SUMMARY).allInnerTexts()}`);
    });
  }
  assert(mistaken, "a page asks for the credit code");
}

/** Uploads a file for every material; one of them lies first. */
async function upload(citizen) {
  const page = citizen.page;
  await citizen.look("apply: materials");
  const path = citizen.path();
  const keys = await page.locator(".upload-slot").evaluateAll((slots) => slots.map((slot) => slot.id));
  assert(keys.length > 0, "materials are asked for");
  const put = async (key, file) => {
    await page.locator(`#${key} input[type=file]`).setInputFiles(file);
    await page.locator(`#${key} form button:not([name])`).click();
  };
  await check("a program that says it is a picture is refused, and what to do is said", async () => {
    await put(keys[0], liar());
    await until("the refusal", () => page.locator(`#${keys[0]} .has-error`).count());
    const told = await citizen.text(SUMMARY);
    assert.match(told, /holiday\.png/);
    assert.match(told, /pdf|PDF|jpg|JPG/, `says what is taken instead: ${told}`);
    assert.equal(await page.locator(`#${keys[0]} ul.files li`).count(), 0, "nothing was kept");
    await citizen.look("apply: file refused", { frozen: true });
    // The address of the answer, asked for again (another language, a reload), leads back to the list.
    await citizen.go(`${path}/${keys[0].slice(2)}`);
    assert.equal(citizen.path(), path);
  });
  await citizen.go(path);
  for (const [at, key] of keys.entries()) {
    await must(`${key.slice(2)} uploaded (${at % 2 === 0 ? "PNG" : "PDF"})`, async () => {
      await put(key, at % 2 === 0 ? png() : pdf());
      await until("the file in the list", async () => (await page.locator(`#${key} ul.files li`).count()) === 1);
    });
  }
  await must("on to the check page", async () => {
    await citizen.press("main form[action$='/materials'] button");
    assert.match(citizen.path(), /\/check$/);
  });
}

async function myCases(citizen) {
  const answer = await citizen.ask("/my");
  return [...(await answer.text()).matchAll(/class="matter-link" href="\/cases\/([^"]+)"/g)].map(([, id]) => id);
}

/** Sends the application three times at once; gives the case. */
async function submit(citizen) {
  const page = citizen.page;
  await citizen.look("apply: check");
  const before = await myCases(citizen);
  let id;
  await must("submitted three times at once: one case", async () => {
    await fill(page, FORM, { delivery: "window", declare: "yes" });
    const action = await page.locator(FORM).first().getAttribute("action");
    const form = { csrf: await citizen.token(), delivery: "window", declare: "yes" };
    const answers = await Promise.all([
      citizen.ask(action, { method: "POST", form }),
      citizen.ask(action, { method: "POST", form }),
      citizen.press(`${FORM} button.apply`),
    ]);
    assert.match(citizen.path(), /^\/cases\/[0-9a-f-]{36}\/receipt$/);
    id = citizen.path().split("/")[2];
    for (const answer of answers.slice(0, 2)) {
      assert.equal(answer.status(), 303);
      assert.equal(answer.headers().location, citizen.path());
    }
    const now = await myCases(citizen);
    assert.equal(now.filter((one) => !before.includes(one)).length, 1);
  });
  return id;
}

/** The receipt: number, code, and a proof that needs nobody's word. */
async function receipt(citizen, program, id) {
  const page = citizen.page;
  let code;
  await must("the receipt has number, query code and QR code", async () => {
    const text = await citizen.text();
    assert.match(text, /\d{12,}/);
    code = (await citizen.text(".code-large")).replace(/[^0-9A-Z]/g, "");
    assert.match(code, /^[0-9A-Z]{13}$/);
    assert.equal(await page.locator(".qr svg").count(), 1);
  });
  await citizen.look("receipt");
  await check("the ledger's receipt is valid by itself; with one letter changed it is not", async () => {
    const link = "main a[href$='/receipt.json']";
    await until("the ledger's receipt", async () => {
      await citizen.go(`/cases/${id}/receipt`);
      return page.locator(link).count();
    });
    const json = await (await citizen.ask(await page.locator(link).first().getAttribute("href"))).text();
    const key = join(program.data, "ledger.pub");
    const file = join(program.data, "receipt.json");
    writeFileSync(key, await (await citizen.ask("/ledger/key")).text());
    writeFileSync(file, json);
    const good = await ask(["verify", "--receipt", file, "--key", key]);
    assert.equal(good.code, 0, good.text);
    assert.match(good.text, /Valid/);
    assert(json.includes("case.received"));
    writeFileSync(file, json.replace("case.received", "case.recalled"));
    const bad = await ask(["verify", "--receipt", file, "--key", key]);
    assert.notEqual(bad.code, 0, "a changed receipt counts as valid");
  });
  await check("anybody with the query code sees how far it is, and no name", async () => {
    await citizen.go(`/track?code=${code}`);
    const text = await citizen.text();
    assert(text.includes(MATTER));
    assert(!text.includes("洪湖市示范小吃店"), "the name stands there in full");
  });
  await citizen.look("track");
}

/** The applicant rates and gets the licence. */
async function collect(citizen, id, matter) {
  const page = citizen.page;
  await must("the citizen rates with five stars", async () => {
    await citizen.go(`/cases/${id}/rate`);
    await citizen.look("rate");
    await fill(page, FORM, { level: "5" });
    await citizen.press(`${FORM} button:not([name])`);
    assert.doesNotMatch(await citizen.text(), /⟦/);
    assert.equal(await page.locator(SUMMARY).count(), 0, "the rating was not taken");
  });
  await citizen.go(`/cases/${id}`);
  await citizen.look("case: closed");
  let licence;
  await must("the licence is there to download: a PDF", async () => {
    await citizen.go("/my");
    const href = await page.locator("section[aria-labelledby=licences] a[href^='/papers/']").first().getAttribute("href");
    const answer = await citizen.ask(href);
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()["content-type"], /application\/pdf/);
    licence = await answer.body();
    assert.equal(licence.subarray(0, 5).toString(), "%PDF-");
    return `${licence.length} bytes`;
  });
  await citizen.look("my page");
  await verify(citizen, licence, matter);
  return licence;
}

/** The public verification page on the licence and on forgeries of it. */
async function verify(citizen, licence, matter) {
  const page = citizen.page;
  const show = async (name, buffer) => {
    await citizen.go("/verify");
    await page.locator("main input[type=file]").setInputFiles({ name, mimeType: "application/pdf", buffer });
    await citizen.press("form[action='/verify/file'] button:not([name])");
    return page.locator("[data-verdict]");
  };
  await citizen.go("/verify");
  await citizen.look("verify");
  await check("the licence is genuine", async () => {
    const verdict = await show("licence.pdf", licence);
    assert.equal(await verdict.locator(".notice.good").count(), 1, await citizen.text());
    assert((await citizen.text()).includes(matter));
  });
  await citizen.look("verify: genuine", { frozen: true });
  await check("the licence with one byte changed is told as changed", async () => {
    const changed = Buffer.from(licence);
    changed[Math.floor(changed.length / 3)] ^= 1;
    const verdict = await show("licence.pdf", changed);
    assert.equal(await verdict.locator(".notice.bad").count(), 1, await citizen.text());
  });
  await citizen.look("verify: changed", { frozen: true });
  await check("a forged licence is not genuine", async () => {
    const verdict = await show("licence.pdf", pdf().buffer);
    assert.equal(await verdict.locator(".notice.good").count(), 0);
    assert.equal(await verdict.locator(".notice.bad").count(), 1, await citizen.text());
  });
  await check("the code of the licence finds it in the register", async () => {
    await citizen.go("/my");
    const code = (await citizen.text("section[aria-labelledby=licences] .hint .number:last-child")).trim();
    await citizen.go("/verify");
    await page.fill('main [name="code"]', code);
    await citizen.press("form[action='/verify'] button");
    assert.equal(await page.locator("[data-verdict] .notice.good").count(), 1, `${code}: ${await citizen.text()}`);
  });
}

/** The whole way; gives the case. */
export async function walk(browser, program, how, desk) {
  const citizen = await Person.sitDown(browser, program.base, { name: "citizen", ...how });
  await find(citizen, program);
  await fillIn(citizen);
  await upload(citizen);
  const id = await submit(citizen);
  await receipt(citizen, program, id);
  await citizen.go(`/cases/${id}`);
  await citizen.look("case: received");
  await desk(browser, program, how, id, citizen);
  await collect(citizen, id, MATTER);
  await check("the public ledger page", async () => {
    await citizen.go("/ledger");
    assert.match(await citizen.text("pre.note"), /^\S+\n\d+\n/);
  });
  await citizen.look("ledger");
  await citizen.leave();
  return id;
}

/** A result that waits to be taken electronically, as the demonstration has some: received, rated, downloaded, verified. */
export async function takeElectronically(browser, program, how) {
  const citizen = await Person.sitDown(browser, program.base, { name: "second citizen", ...how });
  let id;
  let matter;
  await must("a result waits for the second citizen", async () => {
    await citizen.signIn("13000000001", program.password("13000000001"));
    id = await until("a result", async () => {
      for (const one of await myCases(citizen)) {
        await citizen.go(`/cases/${one}`);
        if ((await citizen.page.locator(`form[action="/cases/${one}/receive"]`).count()) > 0) return one;
      }
      return undefined;
    });
    await citizen.look("case: result ready");
    return citizen.text("h1");
  });
  await must("it is received by pressing the button", async () => {
    assert.equal(await citizen.page.locator("main a[href^='/papers/']", { hasText: "许可证" }).count(), 0);
    await citizen.press(`form[action="/cases/${id}/receive"] button`);
    assert.equal(citizen.path(), `/cases/${id}`);
    assert((await citizen.page.locator(`a[href="/cases/${id}/rate"]`).count()) > 0, await citizen.text());
    await citizen.go("/my");
    matter = await citizen.text("section[aria-labelledby=licences] strong");
    return matter;
  });
  await collect(citizen, id, matter);
  await citizen.leave();
}
