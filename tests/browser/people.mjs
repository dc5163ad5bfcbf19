// People in front of a browser: each has a context of their own, at one width, with or without scripts. Every page they are
// shown is looked at by axe at 390 and 1280 px, and for words, overflow and complaints of the browser. BANHAO_SHOTS names a folder
// for pictures of them all.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

import { check } from "./report.mjs";
import { seen } from "./http.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [390, 1280];
const LIMIT = 20_000;

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.BANHAO_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** Asks again and again until the answer is truthy; complains with `what` after a while. */
export async function until(what, ask, limit = LIMIT) {
  const end = performance.now() + limit;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
}

// What axe has seen already; a page of the same name is the same template.
const looked = new Set();

export class Person {
  static async sitDown(browser, base, { name, width, scripts }) {
    const person = new Person();
    Object.assign(person, { name, base, width, scripts, browser, complaints: [] });
    person.context = await browser.newContext({
      baseURL: base,
      javaScriptEnabled: scripts,
      viewport: { width, height: width < 600 ? 844 : 900 },
      locale: "zh-CN",
      reducedMotion: "reduce",
    });
    person.context.setDefaultTimeout(LIMIT);
    person.context.on("response", (answer) => seen(answer.status(), answer.request().method(), new URL(answer.url()).pathname));
    person.page = await person.context.newPage();
    person.page.on("pageerror", (error) => person.complaints.push(`${person.page.url()}: ${error.message}`));
    person.page.on("console", (message) => {
      // The browser itself prints a line for every answer of 4xx; those are wanted here.
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) person.complaints.push(`${person.page.url()}: ${message.text()}`);
    });
    return person;
  }

  async leave() {
    await this.mirror?.context().close();
    await this.context.close();
  }

  async go(path) {
    const answer = await this.page.goto(path, { waitUntil: "load" });
    assert(answer, `${path} did not answer`);
    return answer;
  }

  /** Presses a button or link and waits for the page it leads to. */
  async press(target) {
    const locator = typeof target === "string" ? this.page.locator(target) : target;
    const [answer] = await Promise.all([this.page.waitForNavigation({ waitUntil: "load" }), locator.first().click()]);
    return answer;
  }

  async text(target = "main") {
    return (await this.page.locator(target).first().innerText()).trim();
  }

  path() {
    return new URL(this.page.url()).pathname;
  }

  async signIn(login, password, path = "/sign-in") {
    if (this.path() !== path) await this.go(path);
    await this.page.fill('main [name="login"]', login);
    await this.page.fill('main [name="password"]', password);
    const answer = await this.press("main form[method=post] button");
    assert.equal(answer.status(), 200, `${login} could not sign in`);
    assert(!this.path().endsWith("/sign-in"), `${login} is still at ${this.path()}: ${await this.text()}`);
  }

  /** A request with this person's cookies, without following where it leads. */
  async ask(path, options = {}) {
    const answer = await this.context.request.fetch(path, { maxRedirects: 0, ...options });
    seen(answer.status(), options.method ?? "GET", new URL(answer.url()).pathname);
    return answer;
  }

  /** The token of the forms on the page shown. */
  async token() {
    return this.page.locator('input[name="csrf"]').first().inputValue();
  }

  /**
   * Looks at the page shown. `frozen` is for answers that cannot be asked for again (a form that came back): the markup is shown
   * to axe as it is.
   */
  async look(name, { frozen = false } = {}) {
    const at = `${this.width} px, scripts ${this.scripts ? "on" : "off"}`;
    await check(`${name}: in order (${at})`, async () => {
      const html = await this.page.content();
      const missing = html.match(/⟦[^⟧]*⟧/);
      assert(!missing, `a text is missing: ${missing?.[0]}`);
      assert.equal(await this.page.locator("main").count(), 1, "one <main>");
      assert.equal(await this.page.locator("h1").count(), 1, "one <h1>");
      const wide = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert(wide[0] <= wide[1], `the page is ${wide[0]} px wide in a window of ${wide[1]} px`);
      const complaints = this.complaints.splice(0);
      assert.deepEqual(complaints, [], "the browser complains");
    });
    if (looked.has(name)) return;
    looked.add(name);
    await this.#axe(name, frozen);
  }

  async #axe(name, frozen) {
    const url = this.page.url();
    // Asked anew with scripts on, because axe is a script.
    if (!this.mirror) {
      const context = await this.browser.newContext({ baseURL: this.base, bypassCSP: true, locale: "zh-CN", reducedMotion: "reduce" });
      context.on("response", (answer) => seen(answer.status(), answer.request().method(), new URL(answer.url()).pathname));
      await context.addInitScript(axeSource);
      this.mirror = await context.newPage();
      // What a page that never finishes is still waiting for.
      this.pending = new Set();
      this.mirror.on("request", (request) => this.pending.add(request));
      for (const over of ["requestfinished", "requestfailed"]) this.mirror.on(over, (request) => this.pending.delete(request));
    }
    await this.mirror.context().clearCookies();
    await this.mirror.context().addCookies(await this.context.cookies());
    const place = url.split("#")[0];
    if (frozen) {
      const body = await this.page.content();
      await this.mirror.route(place, (route) => route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body }));
    }
    for (const width of WIDTHS) {
      await check(`${name}: axe at ${width} px`, async () => {
        await this.mirror.setViewportSize({ width, height: 900 });
        if (width === WIDTHS[0]) {
          this.pending.clear();
          await this.mirror.goto(url, { waitUntil: "load" }).catch((error) => {
            const waiting = [...this.pending].map((request) => `${request.method()} ${request.url()}`).join("\n          ");
            throw new Error(`${error.message}\n        still waiting for: ${waiting || "nothing"}`);
          });
          // Only now: what is on its way when the browser stops asking before each request never arrives.
          if (frozen) await this.mirror.unroute(place);
        }
        const found = await this.mirror.evaluate(async () => {
          const result = await axe.run(document, { resultTypes: ["violations"] });
          return result.violations.map(({ id, impact, help, nodes }) => ({
            id,
            impact,
            help,
            nodes: nodes.map(({ target, failureSummary }) => `${target.join(" ")}\n          ${failureSummary.replaceAll("\n", "\n          ")}`),
          }));
        });
        if (process.env.BANHAO_SHOTS) {
          const file = `${name.replaceAll(/[^a-z0-9]+/gi, "-")}-${width}.png`;
          await this.mirror.screenshot({ path: join(process.env.BANHAO_SHOTS, file), fullPage: true });
        }
        const grave = found.filter(({ impact }) => impact === "serious" || impact === "critical");
        const lines = grave.map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n        ${nodes.slice(0, 5).join("\n        ")}`);
        if (lines.length > 0) throw new Error(lines.join("\n        "));
        return found.length > 0 ? `minor: ${found.map(({ id, nodes }) => `${id} ×${nodes.length}`).join(", ")}` : undefined;
      });
    }
  }
}
