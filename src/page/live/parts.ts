import { unpack } from "../packed";

/** The text of a part of this page, or undefined when the page does not carry it. */
export async function part(name: string): Promise<string | undefined> {
  const base64 = document.getElementById(`gb-part-${name}`)?.textContent;
  return base64 ? unpack(base64) : undefined;
}

/** A script's address that exists only in this page, the one form that a page from disk may load. */
export function addressOf(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}
