// @ts-check
// Public pages are the same for everyone: here the header of somebody signed in gets what is theirs. Without this file
// « Mon espace » leads there.
//
// Run before the page is painted, so that nothing is shown and then taken back. The cookie only says that somebody
// signed in with this browser; the portal alone knows who, and whether they still are.

(() => {
  const TEMOIN = /(?:^|; )((?:__Host-)?connecte)=/;
  const racine = document.documentElement;
  const adresse = document.currentScript?.dataset.entete;
  const temoin = TEMOIN.exec(document.cookie)?.[1];

  // The browser kept this page as it was, and its reader has signed in or out since.
  addEventListener("pageshow", (evenement) => {
    if (evenement.persisted && TEMOIN.test(document.cookie) !== "connecte" in racine.dataset) location.reload();
  });
  if (!temoin || !adresse) return;
  racine.dataset.connecte = "";

  const lue = fetch(adresse, { headers: { Accept: "text/html" }, cache: "no-store" }).then(async (reponse) => {
    if (reponse.status === 204) return null;
    if (!reponse.ok) throw new Error(String(reponse.status));
    return new DOMParser().parseFromString(await reponse.text(), "text/html");
  });
  const prete = new Promise((suite) => addEventListener("DOMContentLoaded", suite, { once: true }));
  Promise.all([lue, prete])
    .then(([personnel]) => {
      if (personnel) return completer(personnel);
      // Signed out meanwhile: the portal has taken the cookie back, and says why on the page that it makes now.
      if (!TEMOIN.test(document.cookie)) return location.reload();
      delete racine.dataset.connecte;
    })
    .catch(() => {
      // Out of reach: the links of a visitor lead where they should.
      delete racine.dataset.connecte;
    });

  /** @param {Document} personnel what the portal wrote for whoever asks */
  function completer(personnel) {
    const parties = {
      acces: "[data-pour=acces] > ul > *",
      menu: "[data-pour=menu] > *",
      loupe: "[data-pour=loupe] > *",
      recherche: "[data-pour=recherche] > *",
      messages: "[data-pour=messages] > *",
      modifier: `[data-pour=modifier][data-page="${location.pathname}"]`,
    };
    for (const [nom, choisis] of Object.entries(parties)) {
      const lus = [...personnel.querySelectorAll(choisis)];
      for (const cible of document.querySelectorAll(`[data-${nom}]`)) {
        cible.append(...lus.map((element) => document.importNode(element, true)));
      }
    }
  }
})();
