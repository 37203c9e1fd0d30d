// Puts a link to the chat on another site. That site writes, where the link
// must stand:
//   <script src="https://chat.example.nl/embed.js" defer></script>
// An attribute data-label gives the link other words.
// It sets no cookie, loads nothing else and needs no permission for inline style.
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script) return;
  const link = document.createElement('a');
  link.href = new URL('chat', script.src).href;
  link.className = 'balie-link';
  link.textContent = script.dataset.label || '{label}';
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      a.balie-link, a.balie-link:visited {
        display: inline-block; box-sizing: border-box; min-block-size: 44px; padding: .625em 1.25em;
        border: 2px solid transparent; border-radius: .375em; background: #154273; color: #fff;
        font-weight: bold; line-height: 1.4; text-decoration: underline;
      }
      a.balie-link:hover { background: #0b2747; text-decoration: none; }
      a.balie-link:focus-visible { outline: 3px solid #154273; outline-offset: 3px; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // An old browser shows an ordinary link.
  }
  // In the head there is no place for a link.
  if (document.head.contains(script)) document.body.append(link);
  else script.after(link);
})();
