// Evaluates FEEL expressions with feelin as it is told by lines of JSON, one answer for each line (docs/differential.md).
//
//   {"expression":TEXT,"context":{}}     answer: {"value":VALUE} or {"error":TEXT}
//
// Values: null, true, false, numbers, texts, lists and contexts as they are; {"@kind":"date","@text":"2026-01-01"} and so on for
// what JSON has no type for. In the context {"@date":"2026-01-01"} stands for a date.

import { createInterface } from "node:readline";
import { evaluate } from "feelin";

function given(value) {
  if (Array.isArray(value)) return value.map(given);
  if (value && typeof value === "object") {
    if ("@date" in value) return evaluate(`date("${value["@date"]}")`).value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, given(inner)]));
  }
  return value;
}

function told(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : { "@kind": "not a number", "@text": String(value) };
  if (typeof value !== "object") return typeof value === "function" ? { "@kind": "function", "@text": "" } : value;
  if (Array.isArray(value)) return value.map(told);
  if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, told(inner)]));
  }
  return { "@kind": value.constructor?.name ?? "object", "@text": String(value) };
}

function answer({ expression, context }) {
  try {
    return { value: told(evaluate(expression, given(context)).value) };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
