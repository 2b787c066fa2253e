/**
 * Changes to cells, kept and passed on. Wherever they come from (this browser's storage, the file itself, a link), they
 * are only an offer: all pages from disk share one storage, which any of them may write, so nothing of it is shown as
 * the original, and nothing runs before the reader takes it.
 */

/** Changed sources, by the id of the cell. */
export type Changes = Readonly<Record<string, string>>;

export interface Offer {
  readonly changes: Changes;
  /** Where they come from, in words. */
  readonly origin: string;
}

export class Keeper {
  private readonly key: string;

  /** @param page its name, and a fingerprint of its cells: changes to another version are not offered */
  constructor(page: string, fingerprint: string) {
    this.key = `glassbox-changes:${page}:${fingerprint}`;
  }

  /** @returns false when the browser refuses to keep anything */
  save(changes: Changes): boolean {
    try {
      if (Object.keys(changes).length === 0) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify(changes));
      return true;
    } catch {
      return false;
    }
  }

  saved(): Changes {
    try {
      return read(localStorage.getItem(this.key));
    } catch {
      return {};
    }
  }
}

/** The changes that this very file carries; see `withChanges`. */
export function carried(): Changes {
  return read(document.getElementById(CARRIED)?.textContent);
}

const CARRIED = "gb-changes";

/** The page's text as one that carries the changes. The text must be the original's. */
export function withChanges(page: string, changes: Changes): string {
  const json = JSON.stringify(changes).replaceAll("<", "\\u003c");
  const end = page.lastIndexOf("</body>");
  const script = `<script type="application/json" id="${CARRIED}">${json}</script>\n`;
  const clean = page
    .slice(0, end)
    .replace(new RegExp(`<script type="application/json" id="${CARRIED}">[^<]*</script>\\n?`), "");
  return clean + script + page.slice(end);
}

/** `#change:ID:TEXT`, with the text deflated, in base64 for addresses. */
export async function toLink(id: string, source: string): Promise<string> {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(source));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `#change:${id}:${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** @returns undefined when the address holds no change */
export async function fromLink(hash: string): Promise<Changes | undefined> {
  const [, id, base64] = /^#change:([\w-]+):([\w-]+)$/.exec(hash) ?? [];
  if (id === undefined || base64 === undefined) return undefined;
  try {
    const binary = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const text = await through(new DecompressionStream("deflate-raw"), bytes);
    return { [id]: new TextDecoder().decode(text) };
  } catch {
    return undefined; // a link that was cut short
  }
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/** Whatever is in the storage or the file: only texts by id are taken. */
function read(json: string | null | undefined): Changes {
  try {
    const value: unknown = JSON.parse(json ?? "{}");
    if (value === null || typeof value !== "object") return {};
    return Object.fromEntries(Object.entries(value).filter(([, source]) => typeof source === "string"));
  } catch {
    return {};
  }
}

/** Saves a text as a file on the reader's disk. */
export function download(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
