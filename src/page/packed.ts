/**
 * What a page carries packed, and unpacks only when it is first needed: text, gzipped, in base64, in an element that no
 * browser runs.
 */

/** base64 → gzip → text. */
export function unpack(base64: string): Promise<string> {
  if (typeof DecompressionStream === "undefined")
    return Promise.reject(
      new Error(
        "This browser cannot unpack what the page carries (it has no DecompressionStream). A newer one can.",
      ),
    );
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/**
 * Unpacks the numbers of the figures in `element` that the export packed, in their place: from then on they are JSON, as
 * a notebook's own output has them.
 */
export async function unpackFigures(element: ParentNode): Promise<void> {
  const packed = [...element.querySelectorAll(".gb-data.gb-packed")];
  await Promise.all(
    packed.map(async (data) => {
      const json = await unpack(data.textContent ?? "");
      if (data.classList.contains("gb-packed")) data.textContent = json;
      data.classList.remove("gb-packed");
    }),
  );
}
