// The worklist by keyboard, and taking a step into one's hands.

import assert from "node:assert/strict";

import { Person } from "./people.mjs";
import { check } from "./report.mjs";

export async function worklist(browser, program, how) {
  const sit = async (login) => {
    const person = await Person.sitDown(browser, program.base, { name: login, ...how });
    await person.go("/desk/sign-in");
    await person.signIn(login, program.password(login), "/desk/sign-in");
    return person;
  };
  const [clerk, acceptor] = [await sit("win.zhou"), await sit("shou.luo")];
  const take = 'table[data-keys] button[name="take"][value="yes"]';
  await check("a step is taken, and others see by whom", async () => {
    await clerk.go("/desk");
    await clerk.look("worklist");
    await acceptor.go("/desk");
    await clerk.press(take);
    assert.match(await clerk.text(), /已签收/);
    await clerk.press('nav.tabs a[href*="hands=mine"]');
    assert.equal(await clerk.page.locator("table[data-keys] tbody tr").count(), 1);
    const claimed = await clerk.page.locator('form[action$="/claim"]').first().getAttribute("action");
    // The other one's page is older: the button is still there, and says who was first.
    await acceptor.press(`form[action="${claimed}"] button`);
    assert.match(await acceptor.text(), /周小满 已经签收/);
    await clerk.press('button[name="take"][value="no"]');
    assert.match(await clerk.text(), /没有您签收的环节/);
    await clerk.look("worklist: nothing in hand");
  });
  if (how.scripts) {
    await check("j, k and Enter move and open", async () => {
      await clerk.go("/desk");
      const links = clerk.page.locator("table[data-keys] tbody a");
      assert((await links.count()) > 1);
      await clerk.page.keyboard.press("j");
      await clerk.page.keyboard.press("j");
      const here = () => clerk.page.evaluate(() => document.activeElement.getAttribute("href"));
      assert.equal(await here(), await links.nth(1).getAttribute("href"));
      await clerk.page.keyboard.press("k");
      const first = await links.nth(0).getAttribute("href");
      assert.equal(await here(), first);
      await Promise.all([clerk.page.waitForNavigation(), clerk.page.keyboard.press("Enter")]);
      assert.equal(clerk.path(), first);
    });
  }
  await clerk.leave();
  await acceptor.leave();
}
