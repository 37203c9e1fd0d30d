
// The web chat.
(() => {
  const { announce, byId, enhance, follow, transcript } = balie;
  const chat = byId('chat');
  const list = byId('gesprek');
  const field = byId('vraag');
  const show = transcript(list, () => field, chat);
  let live = false;
  let overdue = 0;

  // Only the last message has quick replies: those above it have been answered.
  const answered = () => {
    list.querySelectorAll('.replies, form.photo').forEach((group) => {
      // Who stands on a button when a message arrives keeps it.
      if (!group.contains(document.activeElement)) group.remove();
    });
  };

  const follows = () => {
    if (live) return;
    live = true;
    follow(chat.dataset.stream, Number(list.dataset.last), {
      entry: (message) => {
        if (byId(message.id)) return;
        answered();
        byId('gesprek-deel').hidden = false;
        byId('voorbeelden')?.remove();
        byId('wacht')?.remove();
        byId('medewerker').hidden = false;
        byId('bewaren').hidden = false;
        show(message);
        if (message.dataset.from === 'you') {
          clearTimeout(overdue);
          form.quiet();
          return;
        }
        announce(`${message.dataset.sender}: ${message.querySelector('.words').innerText}`);
      },
    });
  };

  const form = enhance(byId('ask'), chat.dataset.sending, (shown) => {
    follows();
    clearTimeout(overdue);
    if (shown) return;
    overdue = setTimeout(() => {
      form.quiet();
      byId('offline').hidden = false;
    }, 10000);
  });
  if (chat.dataset.live === 'true') follows();

  const print = byId('print');
  print.hidden = false;
  print.addEventListener('click', () => window.print());
})();
