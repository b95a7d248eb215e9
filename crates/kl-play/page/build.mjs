// Puts style, script and program into one page that needs nothing else.
//
// node build.mjs PROGRAM.wasm COMPILER OUT.html

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";

const [program, compiler, out] = process.argv.slice(2);
const part = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const [style, script] = [part("page.css"), part("page.js")];
const policy = [
  "default-src 'none'",
  `script-src ${digest(script)} 'wasm-unsafe-eval'`,
  `style-src ${digest(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const values = {
  policy,
  style,
  script,
  program: deflateRawSync(readFileSync(program), { level: 9 }).toString("base64"),
  compiler,
};
writeFileSync(out, part("page.html").replace(/\{(policy|style|script|program|compiler)\}/g, (_, name) => values[name]));
