// Runs before the page is painted, so that a reader who chose dark never sees a white flash.
// A page opened from disk may have no storage: then the choice lasts as long as the page.
{
  const root = document.documentElement;
  try {
    const chosen = localStorage.getItem("glassbox-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {}
}
