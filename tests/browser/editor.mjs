// The process editor: a row more, the drawing at once, a trial, handed over and published by somebody else.

import assert from "node:assert/strict";

import { editorTrouble } from "./editor_trouble.mjs";
import { Person, until } from "./people.mjs";
import { check, must } from "./report.mjs";

const MATTER = "/admin/processes/social-card-replacement";

async function sitDown(browser, program, login, how) {
  const person = await Person.sitDown(browser, program.base, { name: login, ...how });
  await person.signIn(login, program.password(login), "/desk/sign-in");
  return person;
}

export async function editor(browser, program, how) {
  const writer = await sitDown(browser, program, "bian.qin", how);
  let draft;
  await must("the matter editor begins a draft", async () => {
    await writer.go("/admin");
    await writer.look("processes: list");
    await writer.go(MATTER);
    await writer.look("processes: a matter");
    await writer.press(`main form[action="${MATTER}"] button`);
    draft = writer.path();
    assert.match(draft, /^\/admin\/drafts\/[0-9a-f-]{36}$/);
    await writer.look("processes: draft");
  });
  await must("a row is added, and drawn at once", async () => {
    await writer.page.selectOption('[name="new.main"]', "review");
    await writer.press('button[value="add.main"]');
    assert.match(await writer.text(), /有修改还没有保存/);
    assert.match(await writer.page.locator(".editor-look").innerHTML(), /审查/);
    await writer.look("processes: a row more", { frozen: true });
  });
  if (how.scripts) {
    await check("a changed name is in the drawing without a button", async () => {
      await writer.page.locator('[name="1.name"]').fill("复核材料");
      await writer.page.locator('[name="1.name"]').blur();
      await until("the new drawing", async () => (await writer.page.locator(".editor-look").innerHTML()).includes("复核材料"));
    });
  }
  await must("saved", async () => {
    await writer.press('.editor-save button[value="save"]');
    assert.match(await writer.text(), /已保存/);
  });
  await check("tried out, step by step and all at once", async () => {
    await writer.go(`${draft}/simulate`);
    await writer.look("processes: trial");
    await writer.press('button[value="restart"]');
    await writer.press(".trial-step button");
    await writer.look("processes: trial, a step", { frozen: true });
    await writer.press('button[value="all"]');
    assert.match(await writer.text(), /最长/);
    await writer.look("processes: every way", { frozen: true });
  });
  await check("compared with the version in force", async () => {
    await writer.go(`/admin/compare?matter=social-card-replacement&old=1&new=draft:${draft.split("/").pop()}`);
    await writer.look("processes: compare");
    const text = await writer.text();
    assert.match(text, /新增：(审查|复核材料)/);
    assert.doesNotMatch(text, /flow_|\(review|banhao:/, "ids are told");
    assert(text.indexOf("第 1 版") < text.indexOf("改了什么"), "the drawings come first");
  });
  await must("handed over", async () => {
    await writer.go(draft);
    await writer.press('.editor-save button[value="submit"]');
    assert.match(await writer.text(), /已提交审核/);
  });
  await writer.leave();

  const lawyer = await sitDown(browser, program, "fa.tang", how);
  await must("the legal reviewer publishes it", async () => {
    await lawyer.go(`${draft}/publish`);
    await lawyer.look("processes: publish");
    const first = await lawyer.page.locator('[name="effective_from"]').getAttribute("min");
    await lawyer.page.fill('[name="effective_from"]', first);
    await lawyer.page.fill('[name="change_document"]', "洪政办发〔2026〕12号");
    await lawyer.press(`form[action="${draft}/publish"] button`);
    assert.match(await lawyer.text(), /第 2 版已公布/);
  });
  await lawyer.leave();
  await editorTrouble(browser, program, how);
}
