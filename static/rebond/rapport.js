// @ts-check
// Follows the making of a report; the « Actualiser » link does the same by hand.

const INTERVALLE = 2000;

/** @type {HTMLElement | null} */
const suivi = document.querySelector("[data-rapport]");
if (suivi) attendre(suivi);

/** @param {HTMLElement} cadre */
function attendre(cadre) {
  setTimeout(() => suivre(cadre), INTERVALLE);
}

/** @param {HTMLElement} cadre */
async function suivre(cadre) {
  const reponse = await fetch(String(cadre.dataset.rapport), { headers: { Accept: "application/json" } });
  if (!reponse.ok) return;
  const { etape, avancement, fini } = await reponse.json();
  if (fini) {
    window.location.reload();
    return;
  }
  const texte = cadre.querySelector("[data-etape]");
  const barre = cadre.querySelector("progress");
  if (!texte || !barre) return;
  // Written only when it changes: a screen reader reads each new step once.
  if (texte.textContent !== etape) texte.textContent = etape;
  barre.value = avancement;
  attendre(cadre);
}
