// The list of sections: a click goes to a section, and the one that is read is marked.
import { closest } from "../common/dom.js";

/**
 * @param {HTMLElement} element the tab, whose links to its own parts are followed here
 * @param {HTMLElement} nav with a link for each section
 */
export function mountContents(element, nav) {
  const links = [...nav.querySelectorAll("a")];
  const sections = links.map(({ hash }) => document.getElementById(hash.slice(1)));
  element.addEventListener("click", (event) => {
    const link = closest(event, 'a[href^="#"]');
    const section = link instanceof HTMLAnchorElement ? document.getElementById(link.hash.slice(1)) : null;
    if (!section) return;
    event.preventDefault(); // the address of the page is the link of the face in Explore
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    section.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
    section.tabIndex = -1;
    section.focus({ preventScroll: true });
  });
  const mark = () => {
    const top = innerHeight / 3;
    const reached = sections.findLastIndex((section) => section && section.getBoundingClientRect().top < top);
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const current = atEnd ? links.length - 1 : Math.max(0, reached);
    for (const [index, link] of links.entries()) {
      if (index === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => nav.offsetParent && mark(), { passive: true });
  mark();
}
