// Running cases move to a new version: the inspection has another id there; tried by the legal reviewer, ordered, followed to its end.

import assert from "node:assert/strict";

import { Person, until } from "./people.mjs";
import { check, must } from "./report.mjs";

const MATTER = "/admin/processes/food-licence";

async function sitDown(browser, program, login, how) {
  const person = await Person.sitDown(browser, program.base, { name: login, ...how });
  await person.signIn(login, program.password(login), "/desk/sign-in");
  return person;
}

export async function moving(browser, program, how) {
  const acceptor = await sitDown(browser, program, "shou.luo", how);
  await must("a case is accepted and stands in the review", async () => {
    await acceptor.go("/desk");
    await acceptor.press(acceptor.page.locator("main a", { hasText: "食品经营许可" }));
    await acceptor.press('form[action$="/accept"] button');
  });
  await acceptor.leave();
  const writer = await sitDown(browser, program, "bian.qin", how);
  let draft;
  await must("a process with the inspection under another id is uploaded and handed over", async () => {
    const shipped = await writer.ask(`${MATTER}/1/process.bpmn`);
    const process = (await shipped.text()).replaceAll("site_inspection", "site_check");
    await writer.go(MATTER);
    await writer.press(`main form[action="${MATTER}"] button`);
    draft = writer.path();
    await writer.go(`${draft}/upload`);
    await writer.page.setInputFiles('main input[type="file"] >> nth=0', { name: "process.bpmn", mimeType: "application/xml", buffer: Buffer.from(process) });
    await writer.press(`form[action="${draft}/upload"] button`);
    if (writer.path() !== draft) await writer.go(draft);
    await writer.press('button[value="submit"]');
    assert.match(await writer.text(), /已提交审核/);
  });
  const lawyer = await sitDown(browser, program, "fa.tang", how);
  await must("published", async () => {
    await lawyer.go(`${draft}/publish`);
    await lawyer.page.fill('[name="effective_from"]', await lawyer.page.locator('[name="effective_from"]').getAttribute("min"));
    await lawyer.page.fill('[name="change_document"]', "洪政办发〔2026〕13号");
    await lawyer.press(`form[action="${draft}/publish"] button`);
    assert.match(await lawyer.text(), /第 2 版已公布/);
  });
  await check("who wrote the version looks, and does not move", async () => {
    await writer.go(`${MATTER}/move`);
    await writer.look("moving: for an editor");
    assert.match(await writer.text(), /编审分离/);
    assert.equal(await writer.page.locator('button[value="go"]').count(), 0);
  });
  await writer.leave();
  let cases;
  await must("tried: where each case goes, and why one stays", async () => {
    await lawyer.go(MATTER);
    await lawyer.look("moving: a matter with an older version");
    await lawyer.press(`main a[href="${MATTER}/move"]`);
    await lawyer.look("moving: plan and trial");
    cases = Number(/在办 (\d+) 件：/.exec(await lawyer.text())?.[1]);
    assert(cases > 0, "the demonstration has running cases");
    const place = lawyer.page.locator('select[name="to.site_inspection"]');
    assert.equal(await place.inputValue(), "site_check", "proposed by its name");
    await place.selectOption("");
    await lawyer.press('button[value="try"]');
    await lawyer.look("moving: some cannot", { frozen: true });
    assert.match(await lawyer.text(), /“现场核查”在新版里没有/);
    await place.selectOption("site_check");
    await lawyer.press('button[value="try"]');
    assert.match(await lawyer.text(), new RegExp(`可以迁移 ${cases} 件，不能迁移 0 件`));
  });
  await check("without a reason nothing moves", async () => {
    await lawyer.page.fill('[name="reason"]', "   ");
    await lawyer.press('button[value="go"]');
    await lawyer.look("moving: no reason", { frozen: true });
    assert.match(await lawyer.text(), /请写迁移理由/);
  });
  await must("ordered, and followed to its end", async () => {
    await lawyer.page.fill('[name="reason"]', "现场核查改了编号，依据洪政办发〔2026〕13号");
    await lawyer.press('button[value="go"]');
    assert.match(lawyer.path(), /\/moves\/[0-9a-f-]{36}$/);
    await until("all moved", async () => {
      if (!how.scripts) await lawyer.go(lawyer.path());
      return (await lawyer.text()).includes(`已迁移 ${cases} 件，未迁移 0 件，共 ${cases} 件`);
    });
    await lawyer.look("moving: done");
  });
  await lawyer.leave();
}
