import {
  comparisonTable,
  figureHtml,
  formatNumber,
  markdown,
  progress,
  recordOutputs,
  table,
  tableHtml,
  textTable,
} from "glassbox/notebook";
import { describe, expect, it } from "vitest";

const options = { alt: "One falling curve." };

describe("a figure's HTML", () => {
  it("keeps text from data out of the markup, in labels, alt text and caption", () => {
    const evil = "</script><script>alert(1)</script><!--";
    const markup = figureHtml(
      { data: [{ x: [1], y: [2], name: evil }], layout: { title: { text: evil } } },
      { alt: evil, caption: evil },
    );
    expect(markup.match(/<script/g)).toHaveLength(2);
    expect(markup).not.toContain("<!--");
    const json = /<script type="application\/json" class="gb-data">(.*?)<\/script>/s.exec(markup)?.[1] ?? "";
    expect(JSON.parse(json).layout.title.text).toBe(evil);
  });

  it("writes typed arrays as lists, shortens numbers, and leaves a gap for NaN", () => {
    const markup = figureHtml({ data: [{ y: Float64Array.of(1 / 3, Number.NaN, 2) }], layout: {} }, options);
    expect(markup).toContain("[0.3333333,null,2]");
  });

  it("is the same each time", () => {
    const make = () => figureHtml({ data: [{ y: [1, 2] }], layout: {} }, options);
    expect(make()).toBe(make());
  });

  it("says in words what it shows", () => {
    expect(figureHtml({ data: [], layout: {} }, options)).toContain("One falling curve.");
  });
});

describe("outputs", () => {
  it("go nowhere outside a kernel, quietly", () => {
    expect(() => markdown("# hello")).not.toThrow();
  });

  it("can be recorded", () => {
    expect(recordOutputs(() => markdown("*x*"))).toEqual([{ mimeType: "text/markdown", content: "*x*" }]);
  });
});

describe("a table", () => {
  const rates = {
    columns: ["rate", { label: "x after 20 steps", digits: 4 }, "verdict"],
    rows: [
      [0.1, 0.115292, { text: "fine", tone: "good" }],
      [5, -1.5e12, "diverges <quickly>"],
    ],
  } as const;

  it("puts numbers right and text left, and escapes", () => {
    const markup = tableHtml(rates);
    expect(markup).toContain('<td class="gb-right">0.1153</td>');
    expect(markup).toContain("−1.50e+12");
    expect(markup).toContain("diverges &lt;quickly&gt;");
    expect(markup).toContain('class="gb-left gb-good"');
    expect(recordOutputs(() => table(rates))[0].content).toBe(markup);
  });

  it("lines up as text", () => {
    expect(
      textTable({
        columns: ["name", "n"],
        rows: [
          ["dW1", 2],
          ["b", 10],
        ],
      }),
    ).toBe(["name    n", "dW1     2", "b      10"].join("\n"));
  });

  it("writes numbers the way the course does", () => {
    expect(formatNumber(-0.25)).toBe("−0.25");
    expect(formatNumber(1 / 3, 4)).toBe("0.3333");
    expect(formatNumber(2.4e-20, 3)).toBe("2.40e−20");
    expect(formatNumber(Number.POSITIVE_INFINITY)).toBe("∞");
    expect(formatNumber(0, 2)).toBe("0.00");
  });
});

describe("a comparison", () => {
  it("shows each verdict, and throws for none", () => {
    const row = {
      shape: "2 × 2",
      maxAbsolute: 3.1e-9,
      maxRelative: 2.1e-8,
      tolerance: 1e-6,
      cause: "float32",
    };
    const [{ content }] = recordOutputs(() =>
      comparisonTable({
        against: "TensorFlow.js 4.22, native, float32",
        rows: [
          { ...row, name: "dW1", agrees: true },
          { ...row, name: "dW2", maxAbsolute: Number.POSITIVE_INFINITY, agrees: false },
        ],
      }),
    );
    expect(content).toContain("1 of 2 tensors agree");
    // Beside the name, where a narrow screen shows it.
    expect(content).toMatch(/>dW1<\/th><td[^>]*>agrees<.*>dW2<\/th><td[^>]*>differs</s);
    expect(content).toContain("3.1e−9");
    expect(content).toContain("1e−6 float32");
    expect(content).toContain("differs");
    expect(content).toContain("NaN or ∞");
  });

  it("says that a tolerance is relative, and where only the absolute one let a row pass", () => {
    const row = { shape: "1 × 1", maxAbsolute: 1e-9, tolerance: 1e-5, cause: "zero on paper", agrees: true };
    const rows = [
      { ...row, name: "dX", maxRelative: 1, absolute: 1e-8 },
      { ...row, name: "dY", maxRelative: 1e-6, absolute: 1e-8 },
    ];
    const [{ content }] = recordOutputs(() => comparisonTable({ against: "paper", rows }));
    expect(content).toContain("allowed (relative)");
    expect(content).toContain("1e−8 absolute, zero on paper");
    expect(content).toContain("1e−5 zero on paper");
  });
});

describe("progress", () => {
  it("speaks at most five times a second, in one place, and ends on a line without timings", () => {
    let time = 0;
    const outputs = recordOutputs(() => {
      const bar = progress("training", () => time);
      for (let step = 0; step < 1000; step++) {
        bar.update(step / 1000, `loss ${step}`);
        time += 10; // ten seconds in all
      }
      bar.done("1000 epochs");
    });
    expect(outputs.length).toBeLessThanOrEqual(51);
    expect(new Set(outputs.map(({ place }) => place)).size).toBe(1);
    expect(outputs.at(-1)?.content).toBe('<p class="gb-progress">training: 1000 epochs</p>');
  });

  it("stays within the kernel's room for messages, however long it takes", () => {
    let time = 0;
    const outputs = recordOutputs(() => {
      const bar = progress("an hour", () => time);
      for (; time < 3_600_000; time += 50) bar.update(time / 3_600_000);
    });
    expect(outputs.length).toBeLessThan(250);
  });
});
