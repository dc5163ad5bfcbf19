// How the rules decided: the desk's own page, and that a look at it is on record.

import assert from "node:assert/strict";

import { must } from "./report.mjs";

export async function reasons(person, file) {
  await must("the file leads to how the rules decided", async () => {
    await person.go(file);
    await person.press(`main a[href="${file}/reasons"]`);
    await person.look("desk: how the rules decided");
    const text = await person.text();
    for (const told of [/需要的材料/, /由第 1 版规则决定：第 1、2/, /与记录一致/, /提交时的回答/]) assert.match(text, told);
    assert.doesNotMatch(text, /不一致/);
    assert((await person.page.locator("main table tbody tr").count()) >= 4, "every row of the table is there");
  });
  await must("and back, where the look is told", async () => {
    await person.press(`main a[href="${file}"]`);
    assert.match(await person.text(), /查看文件的记录（2 次）/);
  });
}
