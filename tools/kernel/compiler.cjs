// What tslab's compiler gets wrong about a cell, put right from outside. tslab keeps its TypeScript to itself, so this
// file stands in for that package before tslab loads it.
//
// 1. Names of earlier cells. tslab writes `exports.x` for an `x` of an earlier cell, but misses `{ x }`, and writes it
//    for the `x` of `const { x: y } = …` too, which is no name at all.
// 2. Lines. Compiled code has other lines than the cell; the source maps say which is which (positions.cjs uses them).
// 3. Packages. What the folders of the notebook do not have is taken from where Glassbox is installed.
const { dirname, join } = require("node:path");
const { installed } = require("./modules.cjs");
const { tslabRequire } = require("./tslab.cjs");

const path = tslabRequire.resolve("@tslab/typescript-for-tslab");
const ts = tslabRequire(path);

/** Source maps of the cell compiled last: TypeScript to modern JavaScript, and that to a CommonJS module. */
const maps = { toModern: "", toCommon: "" };

const SOURCE = /\/__tslab__\.[jt]s$/;
const PREVIOUS = /\/__prev__\.d\.ts$/;
const withoutMapComment = (/** @type {string} */ code) =>
  code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

const patched = {
  ...ts,

  /** @param {string[]} roots @param {any} options @param {any} sys @param {unknown} _createProgram @param {any[]} rest */
  createWatchCompilerHost(roots, options, sys, _createProgram, ...rest) {
    const typeRoots = [...(options.typeRoots ?? []), join(installed, "@types")];
    const host = ts.createWatchCompilerHost(
      roots,
      { ...options, sourceMap: true, typeRoots },
      sys,
      // Without an account of which file depends on which: tslab asks about one file, after every change of it.
      ts.createAbstractBuilder,
      ...rest,
    );
    // Asked again for every file of every program, and a program is made for every cell: what was found stays found.
    /** @type {Map<string, any>} */
    const found = new Map();
    host.resolveModuleNames = (/** @type {string[]} */ names, /** @type {string} */ from) =>
      names.map((name) => {
        const key = `${dirname(from)}\0${name}`;
        if (found.has(key)) return found.get(key);
        const resolve = (/** @type {string} */ file) =>
          ts.resolveModuleName(name, file, host.optionsToExtend ?? options, host).resolvedModule;
        const module =
          resolve(from) ?? (/^\.{1,2}($|\/)/.test(name) ? undefined : resolve(join(installed, "../any.ts")));
        // What a cell looks for in vain may be there when it runs again; what a package lacks stays away.
        if (module || /[\\/]node_modules[\\/]/.test(from)) found.set(key, module);
        return module;
      });
    // A host that resolves by itself is taken to change its mind for every file, unless it says that it does not.
    host.hasInvalidatedResolutions = () => false;
    return host;
  },

  /** @param {any} host */
  createWatchProgram(host) {
    // tslab knows of one clock ("Unexpected pending rebuildTimer"). TypeScript sets a second one when packages come or
    // change, to look modules up again; here they stay found.
    const { setTimeout: later } = host;
    host.setTimeout = (/** @type {Function} */ callback, /** @type {any[]} */ ...rest) =>
      callback.name === "updateProgramWithWatchStatus" ? later(callback, ...rest) : undefined;
    const created = host.afterProgramCreate;
    host.afterProgramCreate = (/** @type {any} */ builder) => {
      // tslab reads the names of a cell from here, before it asks for anything that would have bound them.
      for (const file of builder.getSourceFiles()) {
        if (SOURCE.test(file.fileName)) ts.bindSourceFile(file, builder.getCompilerOptions());
      }
      builder.getAllDependencies = (/** @type {any} */ file) => sourcesBehind(file, builder.getProgram());
      const emit = builder.emit;
      builder.emit = (
        /** @type {any} */ file,
        /** @type {any} */ write,
        /** @type {any} */ token,
        /** @type {any} */ declarationsOnly,
        /** @type {any} */ transformers,
      ) => {
        const writeCode = (
          /** @type {string} */ name,
          /** @type {string} */ text,
          /** @type {any[]} */ ...more
        ) => {
          if (name.endsWith("__tslab__.js.map")) maps.toModern = text;
          if (name.endsWith(".map")) return;
          write(name, name.endsWith(".js") ? withoutMapComment(text) : text, ...more);
        };
        const after = [earlierNames(builder.getProgram().getTypeChecker()), ...(transformers?.after ?? [])];
        return emit.call(builder, file, writeCode, token, declarationsOnly, { ...transformers, after });
      };
      created?.(builder);
    };
    return ts.createWatchProgram(host);
  },

  /** @param {string} code @param {any} options */
  transpileModule(code, options) {
    const compilerOptions = { ...options.compilerOptions, sourceMap: true };
    const result = ts.transpileModule(code, { ...options, compilerOptions });
    maps.toCommon = result.sourceMapText;
    return { ...result, outputText: withoutMapComment(result.outputText) };
  },
};

/** The file, and the sources it imports, directly or not: declarations are none. @param {any} file @param {any} program */
function sourcesBehind(file, program) {
  const found = new Set([file]);
  for (const source of found) {
    source.resolvedModules?.forEach((/** @type {any} */ { resolvedModule }) => {
      const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported && !imported.isDeclarationFile) found.add(imported);
    });
  }
  return [...found].map(({ fileName }) => fileName);
}

/** A step of compiling that makes tslab's own, which follows, see the names of earlier cells as they are. @param {any} checker */
function earlierNames(checker) {
  const { factory } = ts;
  const isEarlier = (/** @type {any} */ symbol) =>
    (symbol?.declarations ?? []).some((/** @type {any} */ declaration) =>
      PREVIOUS.test(declaration.getSourceFile().fileName),
    );
  return (/** @type {any} */ context) => (/** @type {any} */ file) => {
    if (!SOURCE.test(file.fileName)) return file;
    /** @param {any} node @returns {any} */
    const visit = (node) => {
      if (ts.isShorthandPropertyAssignment(node)) {
        const original = ts.getParseTreeNode(node) ?? node;
        if (isEarlier(checker.getShorthandAssignmentValueSymbol(original))) {
          const value = factory.createPropertyAccessExpression(
            factory.createIdentifier("exports"),
            node.name.text,
          );
          const initializer = node.objectAssignmentInitializer;
          const target = initializer
            ? factory.createAssignment(value, ts.visitNode(initializer, visit))
            : value;
          return ts.setTextRange(factory.createPropertyAssignment(plain(node.name), target), node);
        }
      }
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isBindingElement(visited) && visited.propertyName && ts.isIdentifier(visited.propertyName)) {
        const { dotDotDotToken, propertyName, name, initializer } = visited;
        return factory.updateBindingElement(visited, dotDotDotToken, plain(propertyName), name, initializer);
      }
      if (ts.isPropertyAssignment(visited) && ts.isIdentifier(visited.name)) {
        return factory.updatePropertyAssignment(visited, plain(visited.name), visited.initializer);
      }
      return visited;
    };
    return ts.visitNode(file, visit);
  };

  /** The same word without a meaning, so that nobody takes it for a variable. @param {any} name */
  function plain(name) {
    return ts.setTextRange(factory.createIdentifier(name.text), name);
  }
}

/** @type {any} */ (require.cache[path]).exports = patched;

module.exports = { maps };
