
// The desk.
(() => {
  const { announce, byId, count, enhance, follow, transcript } = balie;

  const lists = byId('lijsten');
  if (lists) {
    const page = byId('inhoud');
    let waiting = Number(lists.dataset.waiting);
    const badge = () => {
      document.title = (waiting > 0 ? `(${waiting}) ` : '') + page.dataset.title;
    };
    const swap = (fresh) => {
      // Nothing moves under a finger that is pressing a button.
      if (byId('lijsten').querySelector('button:active, a:active')) {
        setTimeout(swap, 300, fresh);
        return;
      }
      const focus = document.activeElement?.id;
      const inside = byId('lijsten').contains(document.activeElement);
      byId('lijsten').replaceWith(fresh);
      if (inside) (byId(focus) ?? byId('wachten-kop')).focus({ preventScroll: true });
      const now = Number(fresh.dataset.waiting);
      if (now > waiting) announce(count(page, 'waiting', now));
      waiting = now;
      badge();
    };
    follow(page.dataset.stream, 0, { lists: swap });
    badge();
    return;
  }

  const page = byId('gesprek-pagina');
  if (!page) return;
  const list = byId('berichten');
  const place = () => byId('antwoord') ?? byId('acties');
  const show = transcript(list, place, page);

  const compose = () => {
    const node = byId('beantwoord');
    if (!node) return;
    const form = enhance(node, page.dataset.sending, () => form.quiet());
  };
  follow(page.dataset.stream, Number(list.dataset.last), {
    entry: (line) => {
      if (!show(line)) return;
      if (line.dataset.from === 'resident') announce(`${line.dataset.sender}: ${line.querySelector('.words').innerText}`);
    },
    facts: (fresh) => byId('feiten').replaceWith(fresh),
    panel: (fresh) => {
      const old = byId('acties');
      if (old.dataset.state === fresh.dataset.state) return;
      const text = byId('antwoord')?.value ?? '';
      const inside = old.contains(document.activeElement);
      old.replaceWith(fresh);
      const field = byId('antwoord') ?? byId('bewaard');
      if (field && text) {
        field.value = text;
        byId('bewaard-deel')?.removeAttribute('hidden');
      }
      if (inside) (field && text ? field : byId('acties-kop')).focus({ preventScroll: true });
      announce(fresh.dataset.status);
      compose();
    },
  });
  compose();
  // Whoever has just taken over wants to type.
  if (location.hash === '#antwoord') byId('antwoord')?.focus();
})();
