/** A thread for a widget. Its code travels in the page and becomes a file that exists only here. */
export function startThread(code: string): Worker {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

/** Calls back once, when an element comes near: what is far down a page costs nothing until then. */
export function whenNear(element: Element, mount: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      mount();
    },
    { rootMargin: "300px 0px" },
  );
  observer.observe(element);
}
