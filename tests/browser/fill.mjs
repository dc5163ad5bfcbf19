// Fills any form by the kinds of its controls, with invented answers. Nobody real is in them.

export const CITIZEN_NUMBER = "421083190001010017";
export const CREDIT_CODE = "91421083DEMQ00018L";

/** A day so many days from now, as forms write it. */
export function day(days) {
  return new Date(Date.now() + (days * 24 + 8) * 3_600_000).toISOString().slice(0, 10);
}

/** What a person would type into a text control with this label. */
export function answerTo({ type, mode, label, name }) {
  if (type === "date") return day(30);
  if (type === "tel") return "13000000000";
  if (mode === "numeric" || mode === "decimal") return "20";
  if (/信用代码/.test(label)) return CREDIT_CODE;
  if (/身份证|公民身份/.test(label)) return CITIZEN_NUMBER;
  if (/项目代码/.test(label)) return "2611-421083-04-01-123456";
  if (/名称/.test(label)) return "洪湖市示范小吃店";
  if (/姓名/.test(label) || /_name$|^name$/.test(name)) return "测试甲";
  if (/地址|住址/.test(label)) return "洪湖市新堤街道示范路1号";
  return "示范内容";
}

/** The controls of a form as plain data: one entry per name. */
function controlsOf(page, form) {
  return page.locator(form).first().evaluate((element) => {
    const found = new Map();
    for (const control of element.querySelectorAll("input, select, textarea")) {
      const { name, type } = control;
      if (!name || type === "hidden" || type === "file" || control.disabled || control.readOnly) continue;
      const label = (control.labels?.[0]?.textContent ?? control.getAttribute("aria-label") ?? "").trim();
      const entry = found.get(name) ?? { name, type, label, mode: control.inputMode, options: [], filled: false };
      if (type === "radio" || type === "checkbox") {
        entry.options.push(control.value);
        entry.filled ||= control.checked;
      } else if (control.tagName === "SELECT") {
        entry.type = "select";
        entry.options = [...control.options].map((option) => option.value).filter(Boolean);
        entry.filled = control.value !== "";
      } else {
        entry.filled = control.value !== "";
      }
      found.set(name, entry);
    }
    return [...found.values()];
  });
}

/**
 * Fills every control of the form; `given` holds answers by name that matter to the test, others are made up. With `keep` what is
 * filled in already stays.
 */
export async function fill(page, form, given = {}, { keep = false } = {}) {
  const controls = await controlsOf(page, form);
  const scope = page.locator(form).first();
  for (const control of controls) {
    if (keep && control.filled && given[control.name] === undefined) continue;
    const value = given[control.name] ?? control.options[0] ?? answerTo(control);
    const named = `[name="${control.name}"]`;
    if (control.type === "radio" || control.type === "checkbox") {
      for (const one of [value].flat()) await scope.locator(`${named}[value="${one}"]`).check();
    } else if (control.type === "select") {
      await scope.locator(named).selectOption(value);
    } else {
      await scope.locator(named).fill(value);
    }
  }
  return controls;
}

/** The same for a page of text, for clients without a browser: name → value of one form's controls. */
export function answersFor(html, action) {
  const start = html.indexOf(`action="${action}"`);
  if (start < 0) throw new Error(`no form for ${action}`);
  const form = html.slice(start, html.indexOf("</form>", start));
  const attribute = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  const labels = new Map([...form.matchAll(/<label[^>]*\sfor="([^"]+)"[^>]*>([\s\S]*?)<\/label>/g)].map(([, id, text]) => [id, text]));
  const answers = {};
  for (const [tag] of form.matchAll(/<(?:input|textarea|select)\b[^>]*>/g)) {
    const name = attribute(tag, "name");
    const type = attribute(tag, "type");
    if (!name || name === "csrf" || type === "hidden" || type === "file" || answers[name] !== undefined) continue;
    if (type === "radio" || type === "checkbox") answers[name] = attribute(tag, "value");
    else if (tag.startsWith("<select")) answers[name] = /<option value="([^"]+)"/.exec(form.slice(form.indexOf(tag)))?.[1] ?? "";
    else answers[name] = answerTo({ type, mode: attribute(tag, "inputmode"), label: labels.get(attribute(tag, "id")) ?? "", name });
  }
  return answers;
}
