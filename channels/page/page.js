'use strict';

// What the live pages share. Everything here only improves pages that also work
// without it: when anything fails, the form is sent as an ordinary form.
const balie = (() => {
  const byId = (id) => document.getElementById(id);

  const parse = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.content.firstElementChild;
  };

  // announce has a screen reader say a text once. The announcer stands outside
  // the transcript, so that nothing is read twice, and empties itself.
  const announce = (text) => {
    const line = document.createElement('p');
    line.textContent = text;
    byId('omroeper').append(line);
    setTimeout(() => line.remove(), 2000);
  };

  const count = (node, name, n) =>
    n === 1 ? node.dataset[`${name}One`] : node.dataset[`${name}Many`].replace('{n}', String(n));

  // follow keeps a stream open. The browser reconnects by itself; where it gives
  // up we try again, more and more slowly, from the last event that we have.
  const follow = (url, since, handlers) => {
    let last = since;
    let failures = 0;
    const offline = byId('offline');
    const open = () => {
      const source = new EventSource(`${url}${url.includes('?') ? '&' : '?'}since=${last}`);
      source.onopen = () => {
        failures = 0;
        offline.hidden = true;
      };
      // Too much was missed: the page is loaded anew, unless somebody is typing.
      source.addEventListener('resync', () => {
        source.close();
        if ([...document.querySelectorAll('textarea')].some((field) => field.value)) offline.hidden = false;
        else location.reload();
      });
      for (const [name, handle] of Object.entries(handlers)) {
        source.addEventListener(name, (event) => {
          if (event.lastEventId) last = Math.max(last, Number(event.lastEventId));
          handle(parse(event.data), event);
        });
      }
      source.onerror = () => {
        failures += 1;
        if (failures > 2) offline.hidden = false;
        if (source.readyState !== EventSource.CLOSED) return;
        source.close();
        setTimeout(open, Math.min(60, 2 ** failures) * 1000 * (1 + Math.random()));
      };
    };
    open();
  };

  // put shows a fragment: in the place of an older one with the same id, or at
  // the end of the list. It tells whether it is new.
  const put = (list, fragment) => {
    const old = fragment.id && byId(fragment.id);
    if (old) {
      old.replaceWith(fragment);
      return false;
    }
    if (fragment.tagName !== 'LI') return false;
    list.append(fragment);
    return true;
  };

  const visible = (node) => {
    const box = node.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
  };

  // transcript returns what shows new entries; words is the element that has the
  // texts. A reader who has scrolled up is not
  // moved: a button tells that there is something new, and leads there.
  const transcript = (list, field, words) => {
    const button = byId('nieuw');
    let waiting = null;
    let n = 0;
    const seen = () => {
      waiting = null;
      n = 0;
      button.hidden = true;
    };
    button.addEventListener('click', () => {
      const first = waiting;
      seen();
      first.scrollIntoView();
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    });
    addEventListener('scroll', () => {
      if (waiting && visible(waiting)) seen();
    }, { passive: true });

    let following = 0; // until when the page is still on its way to the last entry
    ['scrollend', 'wheel', 'touchmove'].forEach((type) => addEventListener(type, () => { following = 0; }, { passive: true }));
    return (fragment) => {
      const atEnd = !list.lastElementChild || visible(list.lastElementChild) || visible(field()) || performance.now() < following;
      if (!put(list, fragment)) return false;
      if (fragment.dataset.from === 'you' || (atEnd && !waiting)) {
        following = performance.now() + 1000;
        field().scrollIntoView({ block: 'nearest' });
        if (fragment.getBoundingClientRect().top < 0) fragment.scrollIntoView();
      } else {
        waiting ??= fragment;
        n += 1;
        button.textContent = count(words, 'new', n);
        button.hidden = false;
      }
      return true;
    };
  };

  // enhance sends a form without leaving the page. The text stays until the
  // server has accepted it, and the focus stays in the field. accepted learns
  // whether the message stands in the transcript already: the stream may be
  // faster than the answer.
  const enhance = (form, sending, accepted) => {
    const field = form.querySelector('textarea');
    const error = byId('fout');
    const status = byId('status');
    const buttons = () => document.querySelectorAll(`#${form.id} [type=submit], [form=${form.id}]`);
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== 'fout');
    let busy = false;
    let shown = false;

    const settle = () => {
      busy = false;
      buttons().forEach((b) => b.removeAttribute('aria-disabled'));
    };
    const complain = (text) => {
      byId('fout-tekst').textContent = text;
      error.hidden = !text;
      field.setAttribute('aria-invalid', String(Boolean(text)));
      field.setAttribute('aria-describedby', [...described, ...(text ? ['fout'] : [])].join(' '));
    };
    const plainly = (submitter) => {
      if (submitter?.name) {
        const hidden = document.createElement('input');
        hidden.type = 'hidden';
        hidden.name = submitter.name;
        hidden.value = submitter.value;
        form.append(hidden);
      }
      form.submit();
    };

    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      shown = false;
      const submitter = event.submitter;
      const body = new URLSearchParams(new FormData(form));
      if (submitter?.name) body.set(submitter.name, submitter.value);
      buttons().forEach((b) => b.setAttribute('aria-disabled', 'true'));
      status.textContent = sending;
      field.focus({ preventScroll: true });
      try {
        const answer = await fetch(form.action, {
          method: 'POST', body, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(15000),
        });
        if (answer.status === 422) {
          complain((await answer.json()).error);
          status.textContent = '';
          field.focus();
          settle();
          return;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        form.elements.key.value = (await answer.json()).key;
        if (!submitter?.name && field.value.trim() === (body.get('text') ?? '').trim()) field.value = '';
        complain('');
        settle();
        accepted(shown);
      } catch {
        if (navigator.onLine) {
          plainly(submitter);
          return;
        }
        // The browser's own page about the lost connection would lose the text.
        complain(form.dataset.offline);
        status.textContent = '';
        settle();
      }
    });
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!busy) form.requestSubmit();
    });
    return {
      quiet: () => {
        shown = true;
        status.textContent = '';
      },
    };
  };

  return { announce, byId, count, enhance, follow, parse, transcript };
})();
