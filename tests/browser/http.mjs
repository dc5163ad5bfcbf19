// A small client for what a browser would hide: exact statuses, forged forms, 200 requests at once, an upload of 2 GB.
// Every answer of the run, also those the browser gets, is counted here; a 5xx fails the run.

import http from "node:http";
import assert from "node:assert/strict";

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
const statuses = new Map();
const serverErrors = [];

/** Counts an answer. */
export function seen(status, method, url) {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  if (status >= 500) serverErrors.push(`${status} ${method} ${url}`);
}

export function counted() {
  const lines = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return { text: lines.join(", "), serverErrors };
}

/** One request. `body` is a Buffer or text. */
export function request(base, method, path, { headers = {}, body } = {}) {
  const url = new URL(path, base);
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const bytes = Buffer.concat(chunks);
        seen(answer.statusCode, method, url.pathname);
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString("utf8") });
      });
    });
    call.on("error", reject);
    call.setTimeout(60_000, () => call.destroy(new Error(`no answer to ${method} ${path} within a minute`)));
    if (body !== undefined) call.setHeader("content-length", Buffer.byteLength(body));
    call.end(body);
  });
}

/** The status of a GET, or 0 when nothing listens. */
export async function statusOf(base, path) {
  try {
    return (await request(base, "GET", path)).status;
  } catch {
    return 0;
  }
}

/** A browser without pictures: cookies, forms, one token. */
export class Client {
  constructor(base) {
    this.base = base;
    this.cookies = new Map();
    this.token = "";
  }

  async send(method, path, { headers = {}, body } = {}) {
    if (this.cookies.size > 0) headers.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await request(this.base, method, path, { headers: { accept: "text/html", ...headers }, body });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === "" || /max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const token = /name="csrf" value="([^"]+)"/.exec(answer.text);
    if (token) this.token = token[1];
    return answer;
  }

  get(path) {
    return this.send("GET", path);
  }

  /** Posts a form with the token of the last page seen. */
  post(path, fields = {}) {
    const entries = Object.entries({ csrf: this.token, ...fields }).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
    const body = new URLSearchParams(entries).toString();
    return this.send("POST", path, { headers: { "content-type": "application/x-www-form-urlencoded" }, body });
  }

  /** Posts one file the way a browser's upload form does. */
  upload(path, field, file) {
    const edge = "----banhao-test-edge";
    const head =
      `--${edge}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${this.token}\r\n` +
      `--${edge}\r\nContent-Disposition: form-data; name="${field}"; filename="${file.name}"\r\nContent-Type: ${file.mimeType}\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), file.buffer, Buffer.from(`\r\n--${edge}--\r\n`)]);
    return this.send("POST", path, { headers: { "content-type": `multipart/form-data; boundary=${edge}` }, body });
  }

  async signIn(login, password, path = "/sign-in") {
    await this.get(path);
    const answer = await this.post(path, { login, password });
    assert.equal(answer.status, 303, `${login} could not sign in at ${path}: ${answer.status}`);
    // The token of before belongs to nobody now.
    await this.get(answer.headers.location);
    return answer.headers.location;
  }
}

/**
 * Says it will send `size` bytes and sends zeros until the answer comes. Gives the answer and how much went out; a server
 * that closes the connection after its answer is in its right.
 */
export function pour(base, path, { headers, head, tail, size }) {
  const url = new URL(path, base);
  const block = Buffer.alloc(256 * 1024);
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = false;
    const call = http.request(url, { method: "POST", headers: { ...headers, "content-length": head.length + size + tail.length } }, (answer) => {
      answered = true;
      const chunks = [];
      const done = () => {
        seen(answer.statusCode, "POST", url.pathname);
        resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString("utf8"), sent });
        call.destroy();
      };
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", done);
      answer.on("error", done);
    });
    call.on("error", (error) => {
      if (!answered) reject(new Error(`${error.message} after ${sent} bytes and without an answer`));
    });
    call.setTimeout(90_000, () => call.destroy(new Error("no answer within 90 seconds")));
    call.write(head);
    const more = () => {
      while (!answered && !call.destroyed && sent < size) {
        sent += block.length;
        if (!call.write(block)) {
          call.once("drain", more);
          return;
        }
      }
      if (!answered && !call.destroyed) call.end(tail);
    };
    more();
  });
}
