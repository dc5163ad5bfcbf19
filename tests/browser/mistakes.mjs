// Bad input of every kind: a page that says what to do, never a 5xx, and nothing changed.

import assert from "node:assert/strict";

import { Client, pour, request } from "./http.mjs";
import { Person } from "./people.mjs";
import { check, must } from "./report.mjs";

const NOBODY = "018f0000-0000-7000-8000-000000000000";
const GIB = 1024 * 1024 * 1024;

/** A problem page helps: says what is wrong, what to do, and leads somewhere. */
function helps(answer, status) {
  assert.equal(answer.status, status, `${answer.status}: ${answer.text.slice(0, 600)}`);
  assert.match(answer.headers?.["content-type"] ?? "text/html", /text\/html/);
  assert.match(answer.text, /<h1>[^<]+<\/h1>/);
  assert.match(answer.text, /class="problem"/);
  assert.match(answer.text, /<h2>/, "says what to do next");
  assert.match(answer.text, /<main[\s\S]*href="\//, "leads somewhere");
  assert.doesNotMatch(answer.text, /⟦|panicked|thread '|sqlx|SELECT /);
}

async function mine(client) {
  return (await client.get("/my")).text.match(/href="\/(cases|apply\/draft)\/[^"]+"/g) ?? [];
}

/** A case of the citizen that has papers and files. */
async function rich(client) {
  for (const [, path] of (await client.get("/my")).text.matchAll(/class="matter-link" href="(\/cases\/[^"]+)"/g)) {
    const { text } = await client.get(path);
    if (text.includes('href="/papers/') && /href="\/cases\/[^"]+\/files\//.test(text)) return path.split("/")[2];
  }
  throw new Error("no case with papers and files");
}

export async function mistakes(browser, program, how) {
  const second = new Client(program.base);
  const first = new Client(program.base);
  await must("two citizens sign in", async () => {
    await first.signIn("13000000000", program.password("13000000000"));
    await second.signIn("13000000001", program.password("13000000001"));
  });
  let theirs;
  let before;
  await must("the first has a case with papers and files", async () => {
    theirs = await rich(first);
    before = [await mine(first), await mine(second)];
  });

  await check("a citizen number with a wrong check digit", async () => {
    const visitor = new Client(program.base);
    await visitor.get("/register");
    const fields = { back: "", name: "测试丁", citizen_number: "421083190001010018", mobile: "13000000009", password: "yi-ci-ban-hao-2026" };
    const answer = await visitor.post("/register", fields);
    assert.equal(answer.status, 422);
    assert.match(answer.text, /data-error-summary/);
    assert.match(answer.text, /href="#f-citizen_number"/);
    assert.match(answer.text, /value="421083190001010018"/, "what was typed is kept");
  });

  await check("somebody else's case is not there", async () => {
    for (const path of [`/cases/${theirs}`, `/cases/${theirs}/receipt`, `/cases/${theirs}/rate`, `/cases/${theirs}/withdraw`, `/cases/${theirs}/supplement`]) {
      helps(await second.get(path), 404);
    }
    helps(await second.post(`/cases/${theirs}/withdraw`), 404);
  });
  await check("somebody else's papers, files and proofs are not there", async () => {
    const { text } = await first.get(`/cases/${theirs}`);
    const paths = [...text.matchAll(/href="(\/papers\/[^"]+|\/cases\/[^"]+\/files\/[^"]+|\/cases\/[^"]+\/receipt\.json)"/g)].map(([, path]) => path);
    assert(paths.some((path) => path.startsWith("/papers/")), "the first citizen sees papers");
    assert(paths.some((path) => path.includes("/files/")), "the first citizen sees files");
    for (const path of paths) {
      assert.equal((await first.get(path)).status, 200, path);
      helps(await second.get(path), 404);
    }
    const visitor = new Client(program.base);
    for (const path of paths) assert.equal((await visitor.get(path)).status, 303, `${path} without signing in`);
    return `${paths.length} addresses tried`;
  });
  await check("a citizen is not let into the desk", async () => {
    for (const path of ["/desk", `/desk/cases/${theirs}`, "/desk/take", "/screens/cockpit"]) {
      const answer = await second.get(path);
      assert([303, 401, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
      assert(!answer.text.includes("测试甲"), `${path} shows a name`);
    }
  });
  await check("nobody is let into the desk without signing in", async () => {
    for (const path of ["/desk", `/desk/cases/${theirs}`, "/desk/policies", "/screens/cockpit"]) {
      const answer = await request(program.base, "GET", path, { headers: { accept: "text/html" } });
      assert.equal(answer.status, 303, path);
      assert.match(answer.headers.location, /sign-in/);
    }
  });

  await check("an expired session: sign in, and on with the same page", async () => {
    const citizen = await Person.sitDown(browser, program.base, { name: "citizen", ...how });
    await citizen.signIn("13000000000", program.password("13000000000"));
    await citizen.context.clearCookies();
    await citizen.go(`/cases/${theirs}`);
    assert.equal(citizen.path(), "/sign-in");
    await citizen.signIn("13000000000", program.password("13000000000"));
    assert.equal(citizen.path(), `/cases/${theirs}`);
    await citizen.leave();
  });
  await check("an expired session while sending: a page that leads to signing in", async () => {
    const visitor = new Client(program.base);
    await visitor.get("/sign-in");
    const answer = await visitor.post(`/cases/${theirs}/withdraw`);
    helps(answer, 401);
    assert.match(answer.text, /href="\/sign-in/);
  });
  await check("an invented session cookie is no session", async () => {
    const visitor = new Client(program.base);
    for (const name of first.cookies.keys()) visitor.cookies.set(name, "invented");
    assert.equal((await visitor.get("/my")).status, 303);
  });

  await check("a form without a token, with a foreign one, from another site: refused", async () => {
    const type = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
    const cookie = [...first.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const path = `/cases/${theirs}/withdraw`;
    helps(await request(program.base, "POST", path, { headers: { ...type, cookie }, body: "" }), 403);
    helps(await request(program.base, "POST", path, { headers: { ...type, cookie }, body: `csrf=${second.token}` }), 403);
    helps(await request(program.base, "POST", path, { headers: { ...type, cookie, "sec-fetch-site": "cross-site" }, body: `csrf=${first.token}` }), 403);
    helps(await request(program.base, "POST", path, { headers: { ...type, cookie, origin: "https://evil.example" }, body: `csrf=${first.token}` }), 403);
  });

  await check("an upload of 2 GB is stopped early", async () => {
    const begun = await first.post("/apply/food-licence");
    const draft = begun.headers.location;
    await first.get((await first.get(draft)).headers.location);
    const edge = "banhao-edge";
    const head = Buffer.from(
      `--${edge}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${first.token}\r\n` +
        `--${edge}\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n`,
    );
    const headers = {
      cookie: [...first.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      "content-type": `multipart/form-data; boundary=${edge}`,
      accept: "text/html",
    };
    const answer = await pour(program.base, `${draft}/materials/layout`, { headers, head, tail: Buffer.from(`\r\n--${edge}--\r\n`), size: 2 * GIB });
    helps(answer, 413);
    assert(answer.sent < GIB, `${answer.sent} bytes went out before the answer`);
    before[0].push(...(await mine(first)).filter((link) => link.includes(draft)));
    return `answered after ${Math.round(answer.sent / 1024 / 1024)} MiB`;
  });

  await check("unknown paths and broken ids", async () => {
    const paths = ["/no-such-page", "/matters/no-such-matter", "/apply/no-such-matter", "/cases/1", `/cases/${NOBODY}`, `/cases/${NOBODY}/receipt`,
      "/apply/draft/x/check", `/apply/draft/${NOBODY}/check`, `/papers/${NOBODY}.pdf`, "/papers/..%2f..%2fkeys%2fvault.key", "/papers/x.pdf", "/assets/../keys/vault.key", "/cases/%00", "/verify/%ff",
      `/cases/${theirs}/files/${NOBODY}`, `/cases/${theirs}/facts/${NOBODY}/receipt.json`, "/themes/none"];
    for (const path of paths) {
      const answer = await first.get(path);
      assert([400, 404].includes(answer.status), `${path}: ${answer.status}`);
      if (answer.status === 404 && !path.startsWith("/verify")) helps(answer, 404);
    }
    helps(await first.get("/no-such-page"), 404);
    return `${paths.length} addresses`;
  });
  await check("odd questions are answered too", async () => {
    for (const path of ["/search?q=%00%ff", `/search?q=${"许可".repeat(1000)}`, "/search?q='%20OR%201=1--", "/track?code=%F0%9F%98%80", "/track?code=0", "/my?after=garbage", "/ledger?old=-1", "/ledger?old=99999999999999999999",
      "/ledger/consistency?old=5", "/verify?code=%3Cscript%3E", "/?lang=xx"]) {
      const answer = await first.get(path);
      assert(answer.status < 500, `${path}: ${answer.status}`);
      assert.doesNotMatch(answer.text, /<script>/);
    }
  });
  await check("a method that is not meant, a body that is not a form", async () => {
    const answer = await first.send("DELETE", "/my");
    assert([403, 405].includes(answer.status), `${answer.status}`);
    const broken = await first.send("POST", "/sign-in", { headers: { "content-type": "multipart/form-data; boundary=x", "x-csrf-token": first.token }, body: "--x\r\nbroken" });
    assert(broken.status >= 400 && broken.status < 500, `${broken.status}`);
    const json = await first.send("POST", `/cases/${theirs}/withdraw`, { headers: { "content-type": "application/json" }, body: "{}" });
    assert.equal(json.status, 403);
  });
  await check("a form far too large is refused", async () => {
    const answer = await first.post("/sign-in", { login: "x".repeat(8 * 1024 * 1024), password: "x" });
    helps(answer, 413);
  });
  await check("nothing has changed by all this", async () => {
    assert.deepEqual(await mine(second), before[1]);
    const now = await mine(first);
    assert.equal(now.length, new Set([...before[0], ...now]).size, "something is gone");
    assert.deepEqual(now.filter((link) => link.includes("/cases/")), before[0].filter((link) => link.includes("/cases/")));
  });

  const visitor = await Person.sitDown(browser, program.base, { name: "visitor", ...how });
  await visitor.go("/no-such-page");
  await visitor.look("not found");
  await visitor.go("/design");
  await visitor.look("components");
  await visitor.leave();
}
