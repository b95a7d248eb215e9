// Asks taplo's language server, as an editor does, what may be written in an experiment, what a key means, and what is wrong: editor.mjs FOLDER,
// where @taplo/lsp is in FOLDER/node_modules. RUNNER is the program.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { TaploLsp } = createRequire(resolve(process.argv[2], "package.json"))("@taplo/lsp");
const runner = (...words) => execFileSync(process.env.RUNNER, words, { encoding: "utf8", maxBuffer: 1 << 24 });

const folder = mkdtempSync(join(tmpdir(), "editor-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
// As the template says: its first line names the schema beside the file.
writeFileSync(join(folder, "experiment.schema.json"), runner("schema"));
const first = runner("init").split("\n")[0];
if (first !== "#:schema ./experiment.schema.json") throw new Error(first);

const waiting = new Map();
const told = new Map();
let wake = () => {};
const server = await TaploLsp.initialize(
  {
    now: () => new Date(),
    envVar: () => undefined,
    envVars: () => [],
    stdErrAtty: () => false,
    stdin: async () => new Uint8Array(),
    stdout: async (bytes) => bytes.length,
    stderr: async (bytes) => bytes.length,
    glob: () => [],
    readFile: async (path) => new Uint8Array(readFileSync(path)),
    writeFile: async () => {},
    urlToFilePath: (url) => fileURLToPath(url),
    isAbsolute: (path) => isAbsolute(path),
    cwd: () => folder,
    findConfigFile: () => undefined,
    // The schema is a file: nothing is fetched.
    fetch: { fetch: () => Promise.reject(new Error("no network")), Headers, Request, Response },
  },
  {
    onMessage(message) {
      if (message.method === "textDocument/publishDiagnostics") {
        told.set(message.params.uri, message.params.diagnostics);
        wake();
      } else if (message.id !== undefined && message.method === undefined) {
        waiting.get(message.id)?.(message);
      } else if (message.id !== undefined) {
        // The server asks for settings: there are none.
        server.send({ jsonrpc: "2.0", id: message.id, result: (message.params?.items ?? []).map(() => null) });
      }
    },
  },
);

let number = 0;
const within = (promise, what) => {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`no answer: ${what}`)), 120_000).unref());
  return Promise.race([promise, late]);
};
const tell = (method, params) => server.send({ jsonrpc: "2.0", method, params });
const ask = (method, params) => {
  number += 1;
  const answer = new Promise((resolve) => waiting.set(number, resolve));
  server.send({ jsonrpc: "2.0", id: number, method, params });
  return within(answer, method).then((message) => {
    if (message.error) throw new Error(JSON.stringify(message.error));
    return message.result;
  });
};

const uri = pathToFileURL(folder).href;
await ask("initialize", { processId: null, rootUri: uri, workspaceFolders: [{ uri, name: "here" }], capabilities: {} });
tell("initialized", {});

let count = 0;
// Opens a text without its mark |, and returns where the mark was.
function opened(text) {
  count += 1;
  const path = join(folder, `experiment-${count}.toml`);
  const whole = `${first}\n${text}`;
  const before = whole.split("|")[0];
  writeFileSync(path, whole.replace("|", ""));
  const document = { uri: pathToFileURL(path).href, languageId: "toml", version: 1, text: whole.replace("|", "") };
  tell("textDocument/didOpen", { textDocument: document });
  const lines = before.split("\n");
  return { textDocument: { uri: document.uri }, position: { line: lines.length - 1, character: lines.at(-1).length } };
}

for (const [text, wanted] of [
  ["trials = 10\n|\n", ["N", "P", "Q", "seed", "estimators", "decide", "grid"]],
  ["trials = 10\n[decide]\n|\n", ["alpha", "beta", "threshold", "prior"]],
  ["trials = 10\n[stop]\n|\n", ["alpha", "upper", "z", "tau", "max"]],
  ["trials = 10\n[check]\n|\n", ["false_alarm", "detect", "tolerance"]],
  ["trials = 10\n[P]\n|\n", ["bernoulli", "normal", "markov_chain", "file"]],
  ["trials = 10\n[P.normal]\n|\n", ["mean", "std_dev", "variance"]],
  ["trials = 10\n[grid.Q.normal]\n|\n", ["mean", "std_dev", "variance"]],
  ["trials = 10\n[[case]]\n|\n", ["label", "N", "P", "Q"]],
  ['trials = 10\nunit = "|"\n', ["nats", "bits"]],
  ['trials = 10\nsampler = "|"\n', ["sequence", "counts", "tally"]],
]) {
  const found = await ask("textDocument/completion", opened(text));
  const labels = (found?.items ?? found ?? []).map((item) => item.label.replaceAll('"', ""));
  const missing = wanted.filter((label) => !labels.includes(label));
  if (missing.length) throw new Error(`${JSON.stringify(text)} offers ${labels} without ${missing}`);
}

for (const [text, wanted] of [
  ["se|ed = 5\n", "the same seed gives the same bytes"],
  ["trials = 10\n[decide]\nal|pha = 0.05\n", "decide Q though P is true"],
  ["P.nor|mal = { mean = 0, std_dev = 1 }\n", "For example: normal = { mean = 0, std_dev = 1 }"],
]) {
  const found = JSON.stringify(await ask("textDocument/hover", opened(text)));
  if (!found.includes(wanted)) throw new Error(`${JSON.stringify(text)} shows ${found}`);
}

// Mistakes are underlined while one writes.
const wrong = opened('trials = 10\nN = 5\nP = [0.5, 0.5]\nQ.bernoulli.p = 1.7\nunit = "bit"\n[decide]\nalpa = 0.1|\n');
const arrived = async () => {
  while (!told.get(wrong.textDocument.uri)?.length) await new Promise((resolve) => (wake = resolve));
  return told.get(wrong.textDocument.uri).map((one) => `${one.range.start.line}: ${one.message}`).join("\n");
};
const messages = await within(arrived(), "diagnostics");
for (const wanted of ["4: 1.7 is greater than the maximum of 1", '5: "bit" is not one of', "alpa"]) {
  if (!messages.includes(wanted)) throw new Error(`${wanted} is not in\n${messages}`);
}
console.log("an editor completes, explains and refuses");
process.exit(0);
