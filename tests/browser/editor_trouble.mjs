// The process editor when things go wrong: files that cannot be read, a table with mistakes, somebody who was first, a draft given
// back, a version published meanwhile. Each says what to do, and what was written is still there.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { Person } from "./people.mjs";
import { check, must } from "./report.mjs";

const MATTER = "/admin/processes/planning-permit";
const modeler = fileURLToPath(new URL("../../crates/bpmn/tests/data/modeler.bpmn", import.meta.url));

async function sitDown(browser, program, login, how) {
  const person = await Person.sitDown(browser, program.base, { name: login, ...how });
  await person.signIn(login, program.password(login), "/desk/sign-in");
  return person;
}

async function begun(writer) {
  await writer.go(MATTER);
  await writer.press(`main form[action="${MATTER}"] button`);
  return writer.path();
}

async function files(writer, draft) {
  await must("a file that cannot be read is refused with its line", async () => {
    await writer.go(`${draft}/upload`);
    await writer.look("processes: upload");
    await writer.page.setInputFiles('[name="process"]', { name: "broken.bpmn", mimeType: "application/xml", buffer: Buffer.from("<definitions>\n<process") });
    const answer = await writer.press('main form[enctype="multipart/form-data"] button');
    assert.equal(answer.status(), 422);
    assert.match(await writer.text(), /process\.bpmn 第 \d+ 行/);
    await writer.look("processes: upload refused", { frozen: true });
  });
  await check("a file of another modeler is kept, and said why it is no table", async () => {
    await writer.page.setInputFiles('[name="process"]', modeler);
    await writer.press('main form[enctype="multipart/form-data"] button');
    assert.match(await writer.text(), /不能用表格表示/);
    await writer.look("processes: not a table");
    await writer.go(`${draft}/discard`);
    await writer.look("processes: discard");
    await writer.press("main form.confirm button");
    await writer.go(draft);
    await writer.look("processes: discarded");
  });
}

async function table(writer) {
  const draft = await begun(writer);
  await check("mistakes are told above the table and beside the row", async () => {
    await writer.page.fill('[name="1.name"]', "");
    await writer.page.fill('[name="1.days"]', "many");
    await writer.press('.editor-save button[value="look"]');
    const summary = writer.page.locator(".editor-look .error-summary a").first();
    assert.equal(await writer.page.locator(".step-row.is-wrong").count(), 1);
    await writer.look("processes: table with mistakes", { frozen: true });
    await summary.click();
    const target = await summary.getAttribute("href");
    assert.match(await writer.page.locator(target).innerText(), /请写环节名称/);
    await writer.press('.editor-save button[value="submit"]');
    assert.match(await writer.text(), /还没有提交审核/);
  });
  await must("who saves second keeps what they wrote", async () => {
    await writer.go(draft);
    const other = await writer.context.newPage();
    await other.goto(draft);
    await other.fill('[name="1.name"]', "另一处写的");
    await Promise.all([other.waitForNavigation(), other.locator('.editor-save button[value="save"]').click()]);
    await other.close();
    await writer.page.fill('[name="1.name"]', "这里写的");
    const answer = await writer.press('.editor-save button[value="save"]');
    assert.equal(answer.status(), 409);
    assert.equal(await writer.page.inputValue('[name="1.name"]'), "这里写的");
    await writer.look("processes: somebody was first", { frozen: true });
    await writer.press('.editor-save button[value="copy"]');
    assert.match(await writer.text(), /已另存为新草稿/);
    assert.equal(await writer.page.inputValue('[name="1.name"]'), "这里写的");
  });
  const behind = writer.path();
  await writer.page.fill('[name="1.days"]', "3");
  await writer.press('.editor-save button[value="save"]');
  await must("mended and handed over", async () => {
    await writer.go(draft);
    await writer.page.fill('[name="1.days"]', "4");
    await writer.press('.editor-save button[value="submit"]');
    assert.match(await writer.text(), /已提交审核/);
    await writer.look("processes: submitted");
  });
  return { draft, behind };
}

export async function editorTrouble(browser, program, how) {
  const writer = await sitDown(browser, program, "bian.qin", how);
  const lawyer = await sitDown(browser, program, "fa.tang", how);
  await files(writer, await begun(writer));
  const { draft, behind } = await table(writer);

  await must("given back with what has to be changed", async () => {
    await lawyer.go(`${draft}/publish`);
    await lawyer.page.fill('[name="change_document"]', "无");
    // Asked by the browser first; here the answer of the program is wanted.
    await lawyer.page.locator(`form[action="${draft}/publish"]`).evaluate((form) => form.setAttribute("novalidate", ""));
    await lawyer.press(`form[action="${draft}/publish"] button`);
    assert.match(await lawyer.text(), /请写依据的文号/);
    await lawyer.look("processes: publish refused", { frozen: true });
    await lawyer.page.locator("details.act summary").click();
    await lawyer.page.fill('[name="note"]', "书面审查请写明审查哪些材料。");
    await lawyer.press(`form[action="${draft}/send-back"] button`);
    await writer.go(draft);
    assert.match(await writer.text(), /书面审查请写明审查哪些材料/);
    await writer.look("processes: given back");
    await writer.press('.editor-save button[value="submit"]');
  });
  await must("published, and the other draft is behind", async () => {
    await lawyer.go(`${draft}/publish`);
    const first = await lawyer.page.locator('[name="effective_from"]').getAttribute("min");
    await lawyer.page.fill('[name="effective_from"]', first);
    await lawyer.page.fill('[name="change_document"]', "洪政办发〔2026〕15号");
    await lawyer.press(`form[action="${draft}/publish"] button`);
    assert.match(await lawyer.text(), /第 2 版已公布/);
    await writer.go(behind);
    assert.match(await writer.text(), /已经有第 2 版/);
    await writer.look("processes: behind");
  });
  await must("taken over onto the new version", async () => {
    await writer.go(`${behind}/rebase`);
    await writer.look("processes: onto the new version");
    await writer.page.locator('main form[method="post"]').evaluate((form) => form.setAttribute("novalidate", ""));
    await writer.press('main form[method="post"] button');
    assert.match(await writer.text(), /请选一个/);
    await writer.look("processes: nothing chosen", { frozen: true });
    await writer.page.locator('[name="process"][value="draft"]').check();
    await writer.press('main form[method="post"] button');
    assert.match(await writer.text(), /草稿已接到第 2 版/);
    assert.equal(await writer.page.inputValue('[name="1.name"]'), "这里写的");
  });
  await writer.leave();
  await lawyer.leave();
}
