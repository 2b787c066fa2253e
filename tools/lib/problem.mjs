/** Something that stops a command and that the reader can put right. The message says what to do. */
export class Problem extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Problem";
  }
}

/**
 * The command did its work, and this is what it found: a test that fails, a check that is not content, a cell that throws.
 * The code is to be looked at first, the machine only where the same code passes elsewhere.
 */
export class Finding extends Problem {
  isFinding = true;

  /** @param {string} [message] nothing, where the work has printed what it found */
  constructor(message = "") {
    super(message);
  }
}

/** No room on a disk. Nothing half-made takes the place of something whole. */
export class DiskFull extends Problem {
  /** @param {string} [where] */
  constructor(where) {
    super(
      `The disk is full${where ? ` (${where})` : ""}. What was there before is kept as it was. Make room and run the command again; a set-up takes about 700 MB, the native reference 900 MB more, a page 1 to 4 MB.`,
    );
  }
}

/** Does this output tell of a full disk? @param {string} output */
export function isFull(output) {
  return /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|not enough space on the disk/i.test(
    output,
  );
}

/**
 * An error of the file system as a reader wants it: what happened, where, what to do. Other errors come back as they are.
 * @param {unknown} error
 * @returns {unknown}
 */
export function asProblem(error) {
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (code === "ENOSPC" || code === "EDQUOT") return new DiskFull(path);
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") {
    return new Problem(
      `${path ?? "A file"} cannot be written: ${code === "EROFS" ? "its disk is read-only" : "permission was refused"}. What was there before is kept as it was. Allow writing there, or copy this folder to a place of your own and run the command there.`,
    );
  }
  return error;
}
