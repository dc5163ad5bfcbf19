// One line per check with its time; the count at the very end. A check that fails does not stop the others, unless they
// build on it (`must`).

const passed = [];
const failed = [];

/** Something that later checks build on went wrong; it has been reported already. */
export class Stopped extends Error {}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

export function heading(text) {
  console.log(`\n== ${text}`);
}

/** Runs one check; says whether it passed. What the body returns as text is printed behind the name. */
export async function check(name, body) {
  const since = performance.now();
  try {
    const said = await body();
    passed.push(name);
    console.log(`  ok    ${name}  (${seconds(since)})${typeof said === "string" ? `  ${said}` : ""}`);
    return true;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    failed.push(name);
    console.log(`  FAIL  ${name}  (${seconds(since)})`);
    const text = String(error?.stack ?? error);
    const lines = text.split("\n").filter((line) => !line.includes("node_modules") && !line.includes("node:internal"));
    console.log(lines.slice(0, 24).map((line) => `        ${line}`).join("\n"));
    return false;
  }
}

/** A check that the following ones need: when it fails, this part of the run ends. */
export async function must(name, body) {
  if (!(await check(name, body))) throw new Stopped(name);
}

/** A part of the run. Ends early when a `must` fails. */
export async function part(name, body) {
  heading(name);
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Stopped)) await check(`${name}: the rest of this part`, () => { throw error; });
    else console.log(`        the rest of this part was left out`);
  }
}

export function failures() {
  return failed.length;
}

/** Prints the count; gives the exit code. */
export function finish() {
  if (failed.length > 0) console.log(`\nFailed:\n${failed.map((name) => `  ${name}`).join("\n")}`);
  console.log(`\n${passed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}
