// The course in JupyterLab, driven as a reader would. A sample runs there, all cells: see every plot, save, close, open it
// again, and see the plots again. Every other notebook is opened as it was executed, and shows its plots. What a cell gives
// does not hang on who asks the kernel for it; how it is drawn does.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNotebook } from "../tools/lib/cells.mjs";
import { labArguments } from "../tools/lib/lab.mjs";
import { cache, notebooksFolder, venvPython } from "../tools/lib/paths.mjs";
import { jupyterEnvironment } from "../tools/lib/setup.mjs";
import { describeInChromium, launchChromium } from "./support/chromium";
import { runsAll, sampled, someNotebooks, trained } from "./support/course";
import { executedNotebooks } from "./support/executed";
import { writeCells } from "./support/notebook";

// Inside this folder, so that the notebooks' imports are found as they are from notebooks/.
const folder = join(cache, `lab-${process.pid}`);
const token = "glassbox-test";

/** What the tests use of JupyterLab's own objects, which it shows when asked to. */
interface Lab {
  commands: { execute(id: string, options?: { path: string }): Promise<unknown> };
  shell: {
    currentWidget: {
      sessionContext: { session?: { kernel?: { status: string } } };
      content: NotebookWidget;
      context: { path: string; ready: Promise<void>; save(): Promise<void> };
    };
  };
}
interface NotebookWidget {
  widgets: { node: HTMLElement; model: { toJSON(): { cell_type: string; outputs?: Output[] } } }[];
  scrollToItem(index: number): Promise<void>;
}
interface Output {
  output_type: string;
  ename?: string;
  evalue?: string;
  data?: Record<string, string | string[]>;
}
declare const window: { jupyterapp: Lab };

let server: ChildProcess;
let address: string;

const run = runsAll ? sampled() : trained();

/** Those that do not run there are opened as they were executed. */
const opened = someNotebooks().filter((name) => !run.includes(name));

const executedName = (name: string): string => `executed-${name}`;

async function layNotebooks(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of run) cpSync(join(notebooksFolder, name), join(folder, name));
  const executed = await executedNotebooks();
  const copies = opened.map((name) => {
    const copy = join(folder, executedName(name));
    cpSync(join(executed.folder, name), copy);
    return copy;
  });
  // As whoever executed a notebook trusts it: of others JupyterLab shows no figures.
  execFileSync(venvPython, ["-m", "nbformat.sign", ...copies], { env: jupyterEnvironment() });
}

async function startLab(): Promise<void> {
  await layNotebooks();
  const settings = [
    "--no-browser",
    "--ServerApp.port=0",
    `--IdentityProvider.token=${token}`,
    "--LabApp.expose_app_in_browser=True",
  ];
  server = spawn(venvPython, [...labArguments(folder), ...settings], { env: jupyterEnvironment() });
  address = await new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found) resolve(found[0]);
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.on("exit", () => reject(new Error(`JupyterLab stopped:\n${said}`)));
  });
}

async function openNotebook(page: Page, name: string): Promise<void> {
  // "reset" forgets the workspace: each opening is a reader's first
  await page.goto(`${address}lab/tree/${name}?token=${token}&reset`);
  await isOpen(page, name);
}

/** In a tab of its own, beside those that are open. */
async function openBeside(page: Page, name: string): Promise<void> {
  await page.evaluate(async (path) => {
    await window.jupyterapp.commands.execute("docmanager:open", { path });
  }, name);
  await isOpen(page, name);
}

async function isOpen(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (path) => {
      const notebook = window.jupyterapp?.shell?.currentWidget;
      return notebook?.context?.path === path && notebook.content.widgets?.length > 3;
    },
    name,
    { timeout: 90_000 },
  );
  await page.evaluate(() => window.jupyterapp.shell.currentWidget.context.ready);
}

async function kernelIsIdle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === "idle",
    undefined,
    { timeout: 90_000 },
  );
}

/** Scrolls to every cell with figures, and waits until they are drawn. Returns how many there are. */
async function figuresDrawn(page: Page): Promise<{ drawn: number; missing: string[] }> {
  // What lies folded under a heading is drawn when the reader opens it.
  await page.evaluate(() => window.jupyterapp.commands.execute("notebook:expand-all-headings"));
  return page.evaluate(async (mark) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    const missing: string[] = [];
    let drawn = 0;
    for (const [index, cell] of content.widgets.entries()) {
      const outputs = cell.model.toJSON().outputs ?? [];
      const expected = outputs.filter(({ data }) =>
        [data?.["text/html"] ?? ""].flat().join("").includes(mark),
      );
      if (expected.length === 0) continue;
      const done = () =>
        [...cell.node.querySelectorAll<HTMLElement>('.gb-figure[data-gb="drawn"]')].filter((figure) =>
          figure.querySelector(".main-svg, canvas"),
        ).length;
      const end = Date.now() + 60_000;
      while (done() < expected.length && Date.now() < end) {
        // JupyterLab hides far cells, and those under a folded heading that it has not come to yet. To one that is shown
        // we go once, and then stay: a figure is drawn when the page has rested at it.
        const next = cell.node.querySelector('.gb-figure:not([data-gb="drawn"])');
        if (next?.getClientRects().length) next.scrollIntoView({ block: "center" });
        else {
          await window.jupyterapp.commands.execute("notebook:expand-all-headings");
          await content.scrollToItem(index);
        }
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      drawn += done();
      if (done() < expected.length) missing.push(`cell ${index + 1}`);
    }
    return { drawn, missing };
  }, FIGURE);
}

/** What marks an output as a figure, in its HTML. */
const FIGURE = 'class="gb-figure"';

/** How many outputs of a notebook in the folder have this in their HTML. */
function outputsWith(mark: string, name: string): number {
  const outputs = readNotebook(name, folder).cells.flatMap(({ outputs = [] }) => outputs as Output[]);
  return outputs.filter(({ data }) => [data?.["text/html"] ?? ""].flat().join("").includes(mark)).length;
}

describeInChromium("in JupyterLab", () => {
  let browser: Browser;
  /** One reader's JupyterLab, where each notebook that was executed is opened beside the others. */
  let visit: Page;
  beforeAll(async () => {
    [browser] = await Promise.all([launchChromium(), startLab()]);
    visit = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await openNotebook(visit, executedName(opened[0]));
  }, 900_000);
  afterAll(async () => {
    await browser?.close();
    server?.removeAllListeners("exit");
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(opened)("%s, executed, draws its plots", { timeout: 300_000 }, async (name) => {
    // What draws its figures it brings itself, though a tab beside it may have brought it first.
    expect(outputsWith('class="gb-setup"', executedName(name))).toBe(1);
    await openBeside(visit, executedName(name));
    expect(await figuresDrawn(visit)).toEqual({
      drawn: outputsWith(FIGURE, executedName(name)),
      missing: [],
    });
    await visit.evaluate(() => window.jupyterapp.commands.execute("kernelmenu:shutdown")).catch(() => {});
  });

  test.each(run)(
    "%s runs, draws its plots, and draws them again when reopened",
    { timeout: 300_000 },
    async (name) => {
      const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
      const page = await context.newPage();
      await openNotebook(page, name);
      await kernelIsIdle(page);
      await page.evaluate(() => window.jupyterapp.commands.execute("notebook:run-all-cells"));
      const errors = await page.evaluate(() =>
        window.jupyterapp.shell.currentWidget.content.widgets
          .flatMap(({ model }) => model.toJSON().outputs ?? [])
          .filter(({ output_type }) => output_type === "error")
          .map(({ ename, evalue }) => `${ename}: ${evalue}`),
      );
      expect(errors).toEqual([]);

      const first = await figuresDrawn(page);
      expect(first.missing).toEqual([]);
      await page.evaluate(() => window.jupyterapp.shell.currentWidget.context.save());
      await page.close();

      const again = await context.newPage();
      await openNotebook(again, name);
      expect(await figuresDrawn(again)).toEqual(first);
      await again.evaluate(() => window.jupyterapp.commands.execute("kernelmenu:shutdown")).catch(() => {});
      await context.close();
    },
  );

  test("sliders and playgrounds keep their keys, which are commands everywhere else", {
    timeout: 180_000,
  }, async () => {
    writeCells(join(folder, "keys.ipynb"), KEYS_NOTEBOOK);
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await openNotebook(page, "keys.ipynb");
    await kernelIsIdle(page);
    await page.evaluate(() => window.jupyterapp.commands.execute("notebook:run-all-cells"));
    const cells = () => page.evaluate(() => window.jupyterapp.shell.currentWidget.content.widgets.length);
    const before = await cells();

    const slider = page.locator(".gb-slider input");
    await slider.focus();
    const start = Number(await slider.inputValue());
    await page.keyboard.press("ArrowUp"); // "the cell above"
    await page.keyboard.press("ArrowUp");
    expect(Number(await slider.inputValue())).toBe(start + 2);

    const playground = page.locator('.gb-playground[data-gb="drawn"]');
    await page.locator(".gb-playground").scrollIntoViewIfNeeded();
    await playground.getByLabel("speed").focus();
    await page.keyboard.press("b"); // "insert a cell below"
    await playground.getByRole("button", { name: "Play" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".gb-playground[data-step]:not([data-step='0'])").waitFor();
    await playground.locator('[data-part="plane"]').focus();
    await page.keyboard.press("ArrowUp");
    expect(await playground.locator('[data-part="hover"]').textContent()).toContain("x₂ = 0.10");
    expect(await cells()).toBe(before);
    await page.evaluate(() => window.jupyterapp.commands.execute("kernelmenu:shutdown")).catch(() => {});
    await page.close();
  });

  test("a writer writes, keeps its keys, outlives a scroll away, and is there again when reopened", {
    timeout: 240_000,
  }, async () => {
    writeCells(join(folder, "writes.ipynb"), WRITER_NOTEBOOK);
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
    const page = await context.newPage();
    const cells = (where: Page) =>
      where.evaluate(() => window.jupyterapp.shell.currentWidget.content.widgets.length);
    const comes = async (where: Page) => {
      await where.evaluate(() => window.jupyterapp.shell.currentWidget.content.scrollToItem(2));
      const writer = where.locator('.gb-writer[data-gb="drawn"]');
      await expect
        .poll(
          async () => {
            await where
              .locator(".gb-writer")
              .first()
              .scrollIntoViewIfNeeded({ timeout: 1000 })
              .catch(() => {});
            return writer.count();
          },
          { timeout: 60_000 },
        )
        .toBe(1);
      return writer;
    };
    await openNotebook(page, "writes.ipynb");
    await kernelIsIdle(page);
    await page.evaluate(() => window.jupyterapp.commands.execute("notebook:run-all-cells"));
    const before = await cells(page);
    const writer = await comes(page);
    const written = () => writer.getAttribute("data-characters").then(Number);

    await writer.getByRole("button", { name: "One character" }).focus();
    await page.keyboard.press("Enter"); // "edit the cell"
    await expect.poll(written).toBe(5);
    await writer.getByLabel("prompt").focus();
    await page.keyboard.press("End");
    await page.keyboard.type("b"); // "insert a cell below"
    await page.keyboard.press("Enter");
    await expect.poll(() => writer.locator('[data-part="text"]').textContent()).toBe("abbab");
    await writer.locator('[data-part="text"]').focus();
    await page.keyboard.press("ArrowLeft");
    await expect
      .poll(() => writer.locator('[data-part="question"]').textContent())
      .toContain(", and came: b");
    await page.keyboard.press("ArrowUp"); // "the cell above": no key of ours, and the focus stays
    await writer.getByRole("button", { name: "Train on" }).press("Space");
    await expect.poll(() => writer.getAttribute("data-steps"), { timeout: 60_000 }).toBe("300");
    await writer.getByRole("button", { name: "Pause" }).click();
    expect(await cells(page)).toBe(before);

    // Far away JupyterLab takes cells out of the page; what was learned is still there afterwards.
    await page.evaluate(() => window.jupyterapp.shell.currentWidget.content.scrollToItem(14));
    await page.waitForTimeout(500);
    await comes(page);
    expect(await writer.getAttribute("data-steps")).toBe("300");
    const length = await written();
    await writer.getByRole("button", { name: "One character" }).click();
    await expect.poll(written).toBe(length + 1);

    await page.evaluate(() => window.jupyterapp.shell.currentWidget.context.save());
    await page.close();
    const again = await context.newPage();
    await openNotebook(again, "writes.ipynb");
    const second = await comes(again);
    await second.getByRole("button", { name: "One character" }).click();
    await expect.poll(() => second.getAttribute("data-characters")).toBe("5");
    await again.evaluate(() => window.jupyterapp.commands.execute("kernelmenu:shutdown")).catch(() => {});
    await context.close();
  });
});

const WRITER_NOTEBOOK = [
  `import { Characters, gpt, Random } from "glassbox";
import { setup, writer } from "glassbox/notebook";
setup();`,
  `const network = gpt({ vocabulary: 2, width: 4, blocks: 1, heads: 2, context: 8, random: new Random(1) });
const text = "abba".repeat(50);`,
  'writer(network, Characters.of("ab"), { text, source: "Made up.", prompt: "abba" });',
  ...Array.from({ length: 12 }, (_, k) => `// far down\nconsole.log("line\\n".repeat(60), ${k});`),
];

const KEYS_NOTEBOOK = [
  'import { figure, film, lines, playground, setup } from "glassbox/notebook";\nsetup();',
  `const steps = [1, 2, 3, 4].map((slope) => ({
  name: String(slope),
  figure: lines({ title: "A line", x: "x", y: "y", series: [{ name: "y", x: [0, 1], y: [0, slope] }] }),
}));
figure(film("slope", steps), { alt: "A line with the slope that the slider says." });`,
  'playground({ data: "circles", hidden: [4] });',
  "// the last cell",
];
