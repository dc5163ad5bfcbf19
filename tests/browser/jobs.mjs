// Background jobs that failed: the administrator sees them, lets one be tried again, gives one up with a reason.

import assert from "node:assert/strict";

import { Person, until } from "./people.mjs";
import { check, must } from "./report.mjs";

const JOBS = "/admin/jobs";

export async function jobs(browser, program, how) {
  const keeper = await Person.sitDown(browser, program.base, { name: "guan.song", ...how });
  await keeper.signIn("guan.song", program.password("guan.song"), "/desk/sign-in");
  await must("nothing has failed", async () => {
    await keeper.press(`nav a[href="${JOBS}"]`);
    await keeper.look("jobs: none failed");
    assert.match(await keeper.text(), /没有等人处理的任务/);
  });
  await must("two papers cannot be made: counted in the bar, told in words", async () => {
    await program.failJobs("paper.issue", 2);
    await keeper.go("/desk");
    assert.match(await keeper.text(`nav a[href="${JOBS}"]`), /2$/);
    await keeper.press(`nav a[href="${JOBS}"]`);
    await keeper.look("jobs: some failed");
    assert.match(await keeper.text(), /制作文书/);
    assert.match(await keeper.text(), /等人处理 2 项/);
  });
  await check("one is given up, not without a reason", async () => {
    await keeper.press("main tbody td:first-child a");
    await keeper.look("jobs: one");
    await keeper.page.fill('[name="reason"]', "   ");
    await keeper.press('form[action$="/give-up"] button');
    await keeper.look("jobs: no reason", { frozen: true });
    assert.match(await keeper.text(), /请写放弃的理由/);
    await keeper.page.fill('[name="reason"]', "已经人工办好");
    await keeper.press('form[action$="/give-up"] button');
    assert.match(await keeper.text(), /已放弃，不再试/);
    await keeper.press('nav.tabs a[href*="given-up"]');
    await keeper.press("main tbody td:first-child a");
    await keeper.look("jobs: given up");
    assert.match(await keeper.text(), /已经人工办好/);
  });
  await check("the other is tried again at once, and fails again", async () => {
    await keeper.go(JOBS);
    await keeper.press('main tbody form[action$="/again"] button');
    assert.match(await keeper.text(), /已排队，马上再试/);
    await until("it failed again, and is tried by itself", async () => {
      await keeper.go(`${JOBS}?state=failing`);
      return /1 次/.test(await keeper.text("main tbody"));
    });
    await keeper.look("jobs: tried again");
  });
  await keeper.leave();
}
