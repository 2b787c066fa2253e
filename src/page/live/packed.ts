/**
 * Parts of a page that are unpacked only when they are first needed: a script's text, gzipped, in base64, in an element
 * that no browser runs.
 */

/** The text of the part, or undefined when this page does not carry it. */
export async function unpacked(name: string): Promise<string | undefined> {
  const base64 = document.getElementById(`gb-part-${name}`)?.textContent;
  if (!base64) return undefined;
  if (typeof DecompressionStream === "undefined")
    throw new Error(
      "This browser cannot unpack what runs the cells (it has no DecompressionStream). A newer one can.",
    );
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** A script's address that exists only in this page, the one form that a page from disk may load. */
export function addressOf(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}
