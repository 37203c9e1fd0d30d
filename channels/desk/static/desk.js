
// The desk.
(() => {
  const { announce, byId, count, enhance, follow, parse, transcript } = balie;

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

  // How plain the reply is, at each pause: shown, but not said aloud until somebody
  // asks. An easier word that fits is a button.
  let pause = 0;
  const proofread = async (form) => {
    const field = byId('antwoord');
    const text = field.value;
    try {
      const answer = await fetch(byId('controleer').formAction, {
        method: 'POST', headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(5000),
        body: new URLSearchParams({ csrf: form.elements.csrf.value, text }),
      });
      if (!answer.ok) return false;
      const fresh = parse((await answer.json()).html);
      if (field.value !== text || !field.isConnected) return false;
      for (const word of fresh.querySelectorAll('b[data-start]')) {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = word.textContent;
        const { start, end } = word.dataset;
        button.addEventListener('click', () => {
          if (field.value !== text) return;
          const capital = /^\p{Lu}/u.test(text.slice(start));
          const instead = capital ? word.textContent[0].toUpperCase() + word.textContent.slice(1) : word.textContent;
          field.focus();
          field.setRangeText(instead, Number(start), Number(end), 'end');
          proofread(form);
        });
        word.replaceWith(button);
      }
      byId('taal').replaceWith(fresh);
      return true;
    } catch {
      return false; // it only advises
    }
  };
  const watch = (form) => {
    byId('antwoord').addEventListener('input', () => {
      clearTimeout(pause);
      pause = setTimeout(proofread, 500, form);
    });
    byId('controleer').addEventListener('click', async (event) => {
      event.preventDefault();
      if (await proofread(form)) announce(byId('taal').innerText);
    });
  };

  const compose = () => {
    const node = byId('beantwoord');
    if (!node) return;
    const form = enhance(node, page.dataset.sending, () => {
      form.quiet();
      proofread(node);
    });
    watch(node);
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
