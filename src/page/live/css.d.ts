/** Styles come as text; see tools/site/live.mjs. */
declare module "*.css" {
  const text: string;
  export default text;
}
