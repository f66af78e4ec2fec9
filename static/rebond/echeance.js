// @ts-check
// What is left before a deadline, counted down by the server's clock. The page works without this file.
//
// The visitor's clock is never believed: the page and /heure/ give the server's instant, and performance.now(), which
// nobody sets, counts from there. Date only hints that the computer slept, so that the portal is asked again.

const SECONDE = 1000;
const MINUTE = 60 * SECONDE;
/** @type {[string, number][]} */
const UNITES = [
  ["jour", 1440 * MINUTE],
  ["heure", 60 * MINUTE],
  ["minute", MINUTE],
  ["seconde", SECONDE],
];
const JOURS_SANS_HEURES = 3;
// Screen readers hear these, and the end; nothing else.
/** @type {[number, string][]} */
const SEUILS = [
  [60 * MINUTE, "Il reste une heure avant la clôture."],
  [10 * MINUTE, "Il reste dix minutes avant la clôture."],
  [MINUTE, "Il reste une minute avant la clôture."],
];
const DERNIERS_INSTANTS = 10 * MINUTE;
const SOMMEIL = 2 * SECONDE;

/**
 * @typedef {{ echeance: number, reste: HTMLElement, fin: HTMLElement, annonce: HTMLElement, rang: number | null }} Compte
 * What a `[data-rebours]` shows; `rang` is that of the last threshold passed, null before the first look.
 */

/** @type {NodeListOf<HTMLElement>} */
const cadres = document.querySelectorAll("[data-rebours]");
/** @type {Compte[]} */
const comptes = [...cadres].map((cadre) => ({
  echeance: Number(cadre.dataset.echeance),
  reste: partie(cadre, "[data-reste]"),
  fin: partie(cadre, "[data-fin]"),
  annonce: partie(cadre, "[data-annonce]"),
  rang: null,
}));
if (comptes.length) suivre(Number(cadres[0].dataset.maintenant ?? NaN), String(cadres[0].dataset.heure));

/**
 * @param {HTMLElement} cadre
 * @param {string} selecteur of what the page always has there
 */
function partie(cadre, selecteur) {
  return /** @type {HTMLElement} */ (cadre.querySelector(selecteur));
}

/**
 * @param {number} maintenant the instant of the server when it wrote the page, in milliseconds; NaN when the page goes
 *   to everyone and does not say it: what it wrote stays as it is until the server has answered
 * @param {string} heure where to ask for it again
 */
function suivre(maintenant, heure) {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  // The server's instant when performance.now() was 0: the page was written just before it began to arrive.
  let origine = maintenant - (navigation ? navigation.responseStart : performance.now());
  let ecart = Date.now() - performance.now();
  let reveil = 0;

  const battre = () => {
    clearTimeout(reveil);
    if (Number.isNaN(origine)) return;
    const instant = origine + performance.now();
    for (const [rang, compte] of comptes.entries()) afficher(compte, compte.echeance - instant, rang === 0);
    const aVenir = comptes.map((compte) => compte.echeance - instant).filter((reste) => reste > 0);
    if (aVenir.length) reveil = setTimeout(battre, (Math.min(...aVenir) % SECONDE) + 1);
    const nouveau = Date.now() - performance.now();
    if (Math.abs(nouveau - ecart) > SOMMEIL) demander();
    ecart = nouveau;
  };

  const demander = async () => {
    const depart = performance.now();
    try {
      const reponse = await fetch(heure, { headers: { Accept: "application/json" }, cache: "no-store" });
      const retour = performance.now();
      if (!reponse.ok) return;
      const { millisecondes } = await reponse.json();
      // The server read its clock between the question and its answer. What contradicts it is corrected to the latest
      // instant at which it may have: the end may be told late by the length of the journey, never early.
      if (!(origine >= millisecondes - retour && origine <= millisecondes - depart)) origine = millisecondes - retour;
      battre();
    } catch {
      // Out of reach: the count goes on from what is known.
      if (Number.isNaN(origine)) setTimeout(demander, 5 * SECONDE);
    }
  };

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) demander();
  });
  addEventListener("pageshow", (evenement) => {
    if (evenement.persisted) demander();
  });
  battre();
  const reste = comptes[0].echeance - origine - performance.now();
  // A page that the browser kept is older than it looks.
  if (Number.isNaN(origine) || navigation?.type === "back_forward" || (reste > 0 && reste < DERNIERS_INSTANTS)) demander();
}

/**
 * @param {Compte} compte
 * @param {number} reste
 * @param {boolean} parle one of them alone is read out
 */
function afficher(compte, reste, parle) {
  const finie = reste <= 0;
  const texte = `Il reste ${duree(reste)}.`;
  if (!finie && compte.reste.textContent !== texte) compte.reste.textContent = texte;
  compte.reste.hidden = finie;
  compte.fin.hidden = !finie;
  const rang = finie ? SEUILS.length + 1 : SEUILS.filter(([seuil]) => reste <= seuil).length;
  if (parle && compte.rang !== null && rang > compte.rang) {
    compte.annonce.textContent = finie ? compte.fin.textContent : SEUILS[rang - 1][1];
  }
  compte.rang = rang;
}

/**
 * The two largest units, days alone from the third on, as the server writes them (rebond/socle/texte/durees.py).
 * @param {number} millisecondes
 */
function duree(millisecondes) {
  const premiere = UNITES.findIndex(([, taille]) => millisecondes >= taille);
  if (premiere < 0) return "moins d’une seconde";
  const unites = millisecondes >= JOURS_SANS_HEURES * UNITES[0][1] ? 1 : 2;
  const morceaux = [];
  let reste = millisecondes;
  for (const [nom, taille] of UNITES.slice(premiere, premiere + unites)) {
    const quantite = Math.floor(reste / taille);
    reste -= quantite * taille;
    if (quantite) morceaux.push(`${quantite.toLocaleString("fr-FR")}\u00a0${nom}${quantite > 1 ? "s" : ""}`);
  }
  return morceaux.join(" et ");
}
