/** What the page and the thread that runs its cells say to each other. */

export type ToThread =
  | { readonly kind: "run"; readonly run: number; readonly cell: number; readonly source: string }
  /** A part that the thread asked for, unpacked: the text of a script. */
  | { readonly kind: "part"; readonly name: PartName; readonly script: string }
  | { readonly kind: "part"; readonly name: PartName; readonly missing: string }
  /** The handwritten digits, where the page carries them. */
  | { readonly kind: "digits"; readonly text: string }
  /** A text to learn from, where the page carries it. */
  | { readonly kind: "text"; readonly name: TextName; readonly text: string };

/** The texts of the course, by the names of their parts. */
export const TEXTS = ["moby-dick", "first-names"] as const;
export type TextName = (typeof TEXTS)[number];

/** What is unpacked only when a cell first imports it. */
export type PartName = "tensorflow";

/** What went wrong, in a form that travels. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** In the cell that failed, counted from 1; undefined when the place is not in any cell. */
  readonly line?: number;
  readonly column?: number;
  /** The cell that the line is in, when it is another than the one that ran. */
  readonly cell?: number;
  /** Lines through which it was called, innermost first: "cell [4], line 2". */
  readonly through: readonly string[];
}

export type FromThread =
  | { readonly kind: "need"; readonly name: PartName }
  | {
      readonly kind: "output";
      readonly run: number;
      readonly mimeType: string;
      readonly content: string;
      /** Outputs with the same place replace each other. */
      readonly place?: number;
    }
  | { readonly kind: "done"; readonly run: number; readonly failure?: Failure }
  /** An error that no cell was waiting for: from a timer, or a promise that nobody awaited. */
  | { readonly kind: "lost"; readonly cell: number | undefined; readonly failure: Failure };

/** What a cell of a page can import; anything else needs the notebook itself. */
export const MODULES = ["glassbox", "glassbox/notebook", "glassbox/reference", "@tensorflow/tfjs"] as const;

/** The modules that a source imports and no page has: what it needs Node for. */
export function foreignModules(source: string): string[] {
  const imported = source.matchAll(/^\s*import\s(?:[^"';]*?\sfrom\s)?\s*["']([^"']+)["']/gm);
  const asked = source.matchAll(/\b(?:import|require)\s*\(\s*["']([^"']+)["']/g);
  const known: readonly string[] = [...MODULES, "@tensorflow/tfjs-node"];
  const names = [...imported, ...asked].flatMap(([statement, name]) =>
    name === undefined || known.includes(name) || /^\s*import\s+type\b/.test(statement) ? [] : [name],
  );
  return [...new Set(names)];
}
