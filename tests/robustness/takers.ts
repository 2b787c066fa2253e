/*
 * Who takes options: every exported function and class of a room whose last parameters are an object with members that may
 * be left out, read from the types. So a new one cannot be forgotten.
 */
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The exported functions and classes of `src/<room>index.ts` that take an object of options. */
export function takersOfOptions(...rooms: readonly string[]): string[] {
  const config = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const entries = rooms.map((room) => `${root}/src/${room}index.ts`);
  const program = ts.createProgram(entries, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  return entries.flatMap((entry) => {
    const file = program.getSourceFile(entry);
    const symbol = file && checker.getSymbolAtLocation(file);
    if (file === undefined || symbol === undefined) throw new Error(`${entry} exports nothing`);
    return checker
      .getExportsOfModule(symbol)
      .filter((name) => takes(checker, name, file))
      .map(({ name }) => name);
  });
}

function takes(checker: ts.TypeChecker, symbol: ts.Symbol, file: ts.SourceFile): boolean {
  const type = checker.getTypeOfSymbolAtLocation(symbol, file);
  const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
  return signatures.some((signature) =>
    signature.parameters.some((parameter) => {
      const declared = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, file));
      return areOptions(parameter.name, declared);
    }),
  );
}

/** Called options, or an object of plain members some of which may be left out and none of which is a method. */
function areOptions(name: string, type: ts.Type): boolean {
  if (/^(options|given|setting)$/.test(name)) return true;
  if (!(type.flags & ts.TypeFlags.Object) || type.getCallSignatures().length > 0) return false;
  return /Options$/.test(type.symbol?.name ?? "") || /Options$/.test(type.aliasSymbol?.name ?? "");
}
