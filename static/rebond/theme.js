// @ts-check
// Before the page is painted: the theme that its reader chose (« Paramètres d’affichage »), or their system's. The DSFR,
// which comes later, keeps it; without it a dark page would first flash in white.

(() => {
  const racine = document.documentElement;
  let choisi = null;
  try {
    choisi = localStorage.getItem("scheme");
  } catch {
    // A browser that keeps nothing: the system's.
  }
  const sombre = choisi === "dark" || (choisi !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  racine.dataset.frTheme = sombre ? "dark" : "light";
})();
