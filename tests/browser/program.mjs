// Starts and stops the program as anybody would: a free port, a fresh data folder, SQLite or PostgreSQL.

import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import assert from "node:assert/strict";

import { statusOf } from "./http.mjs";

const run = promisify(execFile);
const binary = process.env.BANHAO_BIN ?? new URL("../../target/debug/banhao", import.meta.url).pathname;
const LOG = 400_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function psql(statement, url = process.env.BANHAO_TEST_POSTGRES) {
  assert(url, "BANHAO_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one");
  await run("psql", ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url, "--command", statement]);
}

/** Calls the program once, tells it something if it wants to be told, and gives what it said, also when it complains. */
export async function ask(args, told = "") {
  try {
    const called = run(binary, args, { maxBuffer: 16 * 1024 * 1024 });
    called.child.stdin.end(told);
    const { stdout, stderr } = await called;
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    if (typeof error.code !== "number") throw error;
    return { code: error.code, text: `${error.stdout}${error.stderr}` };
  }
}

export class Program {
  /** All that were prepared and not removed yet. */
  static #there = new Set();

  /** A fresh installation that has not started yet; `kind` is "sqlite" or "postgres". */
  static async prepare(kind) {
    assert(existsSync(binary), `${binary} is missing: build it first, or name it with BANHAO_BIN`);
    const program = new Program();
    program.kind = kind;
    Program.#there.add(program);
    program.data = mkdtempSync(join(tmpdir(), `banhao-browser-${kind}-`));
    program.port = await freePort();
    program.base = `http://127.0.0.1:${program.port}`;
    program.log = "";
    program.place = ["--data", program.data];
    if (kind === "postgres") {
      program.database = `banhao_browser_${randomBytes(6).toString("hex")}`;
      await psql(`CREATE DATABASE ${program.database}`);
      const url = new URL(process.env.BANHAO_TEST_POSTGRES);
      url.pathname = `/${program.database}`;
      program.place.push("--database", url.href);
    }
    return program;
  }

  /** Starts it and waits for its first answer; gives the milliseconds that took. `serve` makes no demonstration. */
  async start(command = "demo") {
    const since = performance.now();
    this.child = spawn(binary, [command, ...this.place, "--listen", `127.0.0.1:${this.port}`], { stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk) => {
      this.log = (this.log + chunk).slice(-LOG);
    };
    this.child.stdout.on("data", keep);
    this.child.stderr.on("data", keep);
    this.ended = new Promise((resolve) => {
      this.child.once("error", (error) => {
        keep(String(error));
        resolve("error");
      });
      this.child.once("close", (code, signal) => resolve(signal ?? code));
    });
    let over = false;
    this.ended.then(() => {
      over = true;
    });
    for (;;) {
      if (over) throw new Error(`the program ended before it answered:\n${this.log.slice(-4000)}`);
      if ((await statusOf(this.base, "/")) === 200) break;
      if (performance.now() - since > 90_000) throw new Error(`no answer from the program:\n${this.log.slice(-4000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return Math.round(performance.now() - since);
  }

  /** The password the demonstration made for a sign-in name. */
  password(login) {
    const lines = readFileSync(join(this.data, "demo-sign-ins.txt"), "utf8").split("\n");
    const entry = lines.map((line) => line.split("\t")).find(([, name]) => name === login);
    assert(entry, `demo-sign-ins.txt has no ${login}`);
    return entry[2];
  }

  /** Asks it to stop and waits until it has. */
  async stop() {
    if (!this.child) return undefined;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    const how = await this.ended;
    clearTimeout(late);
    this.child = undefined;
    return how;
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
    this.child = undefined;
  }

  /** Leaves jobs behind that failed for good, as `kind` about something that is not there. */
  async failJobs(kind, count) {
    const now = Date.now() * 1000;
    const id = (at) => `0192000000007000800${at}${randomBytes(6).toString("hex")}`;
    const literal = (hex) => (this.database ? `'${hex}'` : `x'${hex}'`);
    const row = (at) => `(${literal(id(at))}, '${kind}', ${literal("00".repeat(16))}, 'null', ${now}, ${now}, 12, 'failed', 'not there', ${now})`;
    const rows = Array.from({ length: count }, (_, at) => row(at)).join(", ");
    await this.#tell(`INSERT INTO job (id, kind, subject, payload, run_at, created_at, attempts, state, last_error, tried_at) VALUES ${rows}`);
  }

  async #tell(statement) {
    if (this.database) {
      const url = new URL(process.env.BANHAO_TEST_POSTGRES);
      url.pathname = `/${this.database}`;
      await psql(statement, url.href);
    } else {
      const python = "import sqlite3, sys; there = sqlite3.connect(sys.argv[1], timeout=10); there.execute(sys.argv[2]); there.commit()";
      await run("python3", ["-c", python, join(this.data, "banhao.db"), statement]);
    }
  }

  /** Takes everything away that was made for it. */
  async remove() {
    Program.#there.delete(this);
    await this.stop();
    if (this.database) await psql(`DROP DATABASE IF EXISTS ${this.database} WITH (FORCE)`);
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Takes away what was made for all of them. */
  static removeAll() {
    return Promise.all([...Program.#there].map((program) => program.remove()));
  }

  /** `banhao verify` of the whole database; the program should have stopped. */
  verify() {
    return ask(["verify", ...this.place]);
  }
}
