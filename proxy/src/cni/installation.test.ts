import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { CniError } from "./cni-error.ts";
import type { PluginEntry } from "./conflist.ts";
import { installPlugin, removePlugin } from "./installation.ts";

const entry: PluginEntry = { type: "meshwright-cni", socket: "/run/agent/cni.sock", kubeletDir: "/var/lib/kubelet" };
const bridge = { type: "bridge", ipam: { type: "host-local" } };
const lan = { cniVersion: "1.0.0", name: "lan", disableCheck: true, plugins: [bridge, { type: "portmap" }] };

let dir: string;
let folders: { readonly binDir: string; readonly confDir: string };
let program: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "cni-"));
  folders = { binDir: join(dir, "bin"), confDir: join(dir, "net.d") };
  for (const folder of Object.values(folders)) mkdirSync(folder);
  program = join(dir, "meshwright-cni");
  writeFileSync(program, "program");
});

afterEach(() => rmSync(dir, { recursive: true }));

function write(name: string, content: object): void {
  writeFileSync(join(folders.confDir, name), JSON.stringify(content), { mode: 0o600 });
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folders.confDir, name), "utf8"));
}

const install = (): Promise<string | undefined> => installPlugin(folders, program, entry);
const chained = { ...lan, plugins: [...lan.plugins, entry] };

describe("an installed plugin", () => {
  beforeEach(() => write("10-lan.conflist", lan));

  test("stands at the end of the conflist, of which all else stays", async () => {
    assert.equal(await install(), join(folders.confDir, "10-lan.conflist"));
    assert.deepEqual(read("10-lan.conflist"), chained);
    assert.equal(statSync(join(folders.confDir, "10-lan.conflist")).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folders.confDir), ["10-lan.conflist"]);
    assert.equal(statSync(join(folders.binDir, "meshwright-cni")).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(folders.binDir), ["meshwright-cni"]);
  });

  test("is not written again", async () => {
    await install();
    const before = statSync(join(folders.confDir, "10-lan.conflist")).ino;
    assert.equal(await install(), undefined);
    assert.equal(statSync(join(folders.confDir, "10-lan.conflist")).ino, before);
  });

  test("comes back when another CNI writes its conflist anew, or puts itself behind", async () => {
    await install();
    write("10-lan.conflist", lan);
    await install();
    assert.deepEqual(read("10-lan.conflist"), chained);
    write("10-lan.conflist", { ...lan, plugins: [bridge, entry, { type: "portmap" }] });
    await install();
    assert.deepEqual(read("10-lan.conflist"), chained);
  });

  test("follows a newer agent, with its program and its socket", async () => {
    await install();
    writeFileSync(program, "newer program");
    await installPlugin(folders, program, { ...entry, socket: "/run/other.sock" });
    assert.equal(readFileSync(join(folders.binDir, "meshwright-cni"), "utf8"), "newer program");
    assert.deepEqual(read("10-lan.conflist"), {
      ...lan,
      plugins: [...lan.plugins, { ...entry, socket: "/run/other.sock" }],
    });
  });

  test("is taken out of every conflist, and what nobody can read stays", async () => {
    await install();
    write("20-other.conflist", chained);
    writeFileSync(join(folders.confDir, "30-broken.conflist"), "{");
    await removePlugin(folders);
    assert.deepEqual([read("10-lan.conflist"), read("20-other.conflist")], [lan, lan]);
    assert.equal(readFileSync(join(folders.confDir, "30-broken.conflist"), "utf8"), "{");
    assert.equal(existsSync(join(folders.binDir, "meshwright-cni")), false);
    await removePlugin(folders);
  });
});

describe("a plugin cannot be installed", () => {
  const cases: Record<string, () => void> = {
    "where no CNI is configured": () => undefined,
    "where the runtime's first configuration is no list": () => write("05-single.conf", bridge),
    "into a list without plugins": () => write("05-empty.conflist", { ...lan, plugins: [] }),
    "into what is no JSON": () => writeFileSync(join(folders.confDir, "05-torn.conflist"), '{"plugins": ['),
  };
  for (const [name, prepare] of Object.entries(cases))
    test(name, async () => {
      prepare();
      await assert.rejects(install(), (error) => error instanceof CniError && error.reason === "ConflistUnusable");
    });
});
