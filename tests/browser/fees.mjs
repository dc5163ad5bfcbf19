// What a matter charges by its decision table: an installation of its own, made from a folder of definitions written here. Each amount
// stands with its basis and the rows that say so on the last page before submitting, on the case's page, and in the file on the desk.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { pdf, png } from "./files.mjs";
import { fill } from "./fill.mjs";
import { Person } from "./people.mjs";
import { Program, ask } from "./program.mjs";
import { check, must } from "./report.mjs";

const SHIPPED = fileURLToPath(new URL("../../honghu", import.meta.url));
const FORM = "main form[method=post]";
const PASSWORD = "yi-ci-ban-hao-2026";
const APPLICANT = { name: "测试丁", citizen_number: "421083190001010041", mobile: "13000000003", address: "洪湖市示范路4号", password: PASSWORD };

const rule = (conditions, name, amount, remark) =>
  `<rule>${conditions.map((text) => `<inputEntry><text>${text}</text></inputEntry>`).join("")}<outputEntry><text>"${name}"</text></outputEntry><outputEntry><text>${amount}</text></outputEntry><annotationEntry><text>${remark}</text></annotationEntry></rule>`;

const TABLE = `<decision id="fees" name="收费"><variable name="收费"/><decisionTable hitPolicy="COLLECT">
  <input label="经营种类"><inputExpression><text>form.business_kind</text></inputExpression></input>
  <input label="经营面积"><inputExpression><text>form.total_area</text></inputExpression></input>
  <output name="项目"/><output name="金额"/><annotation name="说明"/>
  ${rule(["-", "-"], "工本费", "10.50", "每证一次")}
  ${rule(['"catering"', "&gt; 50"], "核查费", "3 * 26.70", "核查三个点位")}
  ${rule(['not("catering")', "-"], "核查费", "1", "不在这里收")}
</decisionTable></decision>`;

const CHARGED = `[[fees]]
name = "工本费"
standard = "每证 10.5 元"
basis = "示范规定第一条"

[[fees]]
name = "核查费"
standard = "每个点位 26.7 元"
basis = "示范规定第二条"

`;

/** A folder of definitions in which the food licence charges fees. */
function definitions() {
  const folder = mkdtempSync(join(tmpdir(), "banhao-browser-fees-"));
  cpSync(SHIPPED, folder, { recursive: true });
  const change = (file, pairs) => {
    const path = join(folder, "matters/food-licence", file);
    let text = readFileSync(path, "utf8");
    for (const [from, to] of pairs) {
      assert(text.includes(from), `${file} has no ${from}`);
      text = text.replace(from, to);
    }
    writeFileSync(path, text);
  };
  change("decisions.dmn", [["</definitions>", `${TABLE}\n</definitions>`]]);
  change("matter.toml", [['materials = "需要的材料"\n', 'materials = "需要的材料"\nfees = "收费"\n'], ["[result]\n", `${CHARGED}[result]\n`]]);
  return folder;
}

/** The amounts and reasons shown: rows of the table, the sum, the sentences below. */
async function shown(person) {
  const section = person.page.locator("section", { has: person.page.locator("h2", { hasText: /^收费$/ }) }).first();
  const rows = await section.locator("table tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join(" | ")));
  const why = await section.locator("ul li").allInnerTexts();
  return { rows, why, text: await section.innerText() };
}

/** Both fees with their bases, the sum, and why. */
async function charged(person) {
  const { rows, why, text } = await shown(person);
  assert.deepEqual(rows, ["工本费 | 10.50 元 | 示范规定第一条", "核查费 | 80.10 元 | 示范规定第二条"]);
  assert.match(text, /合计 90\.60 元/);
  assert.equal(why.length, 2, text);
  assert.equal(why[0], "第 1 行：不论什么情况（每证一次）");
  assert.match(why[1], /^第 2 行：经营种类：餐饮服务.*；经营面积：大于 50（核查三个点位）$/);
}

/** Registers a citizen and begins an application. */
async function begun(browser, program, how) {
  const citizen = await Person.sitDown(browser, program.base, { name: "citizen", ...how });
  await citizen.go("/register");
  for (const [name, value] of Object.entries(APPLICANT)) await citizen.page.fill(`main [name="${name}"]`, value);
  await citizen.press(`${FORM} button`);
  await citizen.go("/apply/food-licence");
  await citizen.press(`${FORM} button`);
  return citizen;
}

/** Fills page after page up to the last one. */
async function filled(citizen, given) {
  const page = citizen.page;
  for (let step = 0; step < 14 && !/\/(materials|check)$/.test(citizen.path()); step += 1) {
    const path = citizen.path();
    await fill(page, FORM, given, { keep: true });
    await citizen.press(`${FORM} button:not([name])`);
    if (citizen.path() === path) {
      await fill(page, FORM, given, { keep: true });
      await citizen.press(`${FORM} button:not([name])`);
    }
  }
  if (citizen.path().endsWith("/materials")) {
    const path = citizen.path();
    for (const [at, slot] of (await page.locator(".upload-slot").evaluateAll((slots) => slots.map((one) => one.id))).entries()) {
      if ((await page.locator(`#${slot} ul.files li`).count()) > 0) continue;
      await page.locator(`#${slot} input[type=file]`).setInputFiles(at % 2 === 0 ? png() : pdf());
      await page.locator(`#${slot} form button:not([name])`).click();
      await page.locator(`#${slot} ul.files li`).first().waitFor();
      await citizen.go(path);
    }
    await citizen.press("main form[action$='/materials'] button");
  }
  assert.match(citizen.path(), /\/check$/);
}

async function walk(browser, program, how) {
  const citizen = await begun(browser, program, how);
  const draft = citizen.path().split("/").slice(0, 4).join("/");
  await must("the guide says that the amount hangs on answers, with standard and basis", async () => {
    await citizen.go("/matters/food-licence");
    const text = await citizen.text();
    for (const told of ["每个点位 26.7 元", "示范规定第二条", "收多少，要看还没有回答的问题"]) assert(text.includes(told), told);
    await citizen.look("fees: guide");
  });
  await must("the last page before submitting says each amount, its basis and why", async () => {
    await citizen.go(draft);
    await filled(citizen, { business_kind: "catering", total_area: "80", kitchen_area: "20" });
    await charged(citizen);
    await citizen.look("fees: last page");
  });
  await check("another answer, another amount, and no sum of one", async () => {
    const last = citizen.path();
    await citizen.press(`main a[href^="${draft}/"][href*="total_area"], main a[href^="${draft}/page/place"]`);
    await fill(citizen.page, FORM, { total_area: "50" }, { keep: true });
    await citizen.press(`${FORM} button:not([name])`);
    await citizen.go(last);
    const { rows, text } = await shown(citizen);
    assert.deepEqual(rows, ["工本费 | 10.50 元 | 示范规定第一条"]);
    assert.doesNotMatch(text, /合计/);
    await citizen.press(`main a[href^="${draft}/page/place"]`);
    await fill(citizen.page, FORM, { total_area: "80" }, { keep: true });
    await citizen.press(`${FORM} button:not([name])`);
    await citizen.go(last);
    await charged(citizen);
  });
  let id;
  await must("the case's page says the same", async () => {
    await fill(citizen.page, FORM, { delivery: "electronic", declare: "yes" });
    await citizen.press(`${FORM} button.apply`);
    [, , id] = citizen.path().split("/");
    await citizen.go(`/cases/${id}`);
    await charged(citizen);
    await citizen.look("fees: case");
  });
  await citizen.leave();

  const acceptor = await Person.sitDown(browser, program.base, { name: "shou.luo", ...how });
  await acceptor.signIn("shou.luo", PASSWORD, "/desk/sign-in");
  await must("the file on the desk says the same", async () => {
    await acceptor.go(`/desk/cases/${id}`);
    await charged(acceptor);
    await acceptor.look("fees: file");
  });
  await check("how the rules decided: every row, and that the record holds", async () => {
    await acceptor.press(`main a[href$="/${id}/reasons"]`);
    const text = await acceptor.text();
    for (const told of [/由第 1 版规则决定：第 1、2 行/, /与记录一致/, /不是餐饮服务/]) assert.match(text, told);
    assert.doesNotMatch(text, /catering|not\(|>/);
    const section = acceptor.page.locator("section", { has: acceptor.page.locator("h2", { hasText: /^收费/ }) });
    assert.equal(await section.locator("table tbody tr").count(), 3);
    assert.equal(await section.locator("table tbody tr.used").count(), 2);
    await acceptor.look("fees: reasons");
  });
  await acceptor.leave();
}

export async function fees(browser, kind, how) {
  const folder = definitions();
  const program = await Program.prepare(kind);
  try {
    await must("an installation is made from a folder of definitions", async () => {
      const imported = await ask(["import", folder, "--yes", ...program.place]);
      assert.equal(imported.code, 0, imported.text);
      await program.start("serve");
      const set = await ask(["password", "shou.luo", ...program.place], `${PASSWORD}\n`);
      assert.equal(set.code, 0, set.text);
    });
    await walk(browser, program, how);
  } finally {
    await program.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
