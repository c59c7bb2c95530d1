/*
 * SQL colours in %%sql cells, written by hand: no bundler and no node, at build time or at install time.
 *
 * JupyterLab loads a prebuilt extension through a "container" with two functions, init and get. Everything used here
 * (CodeMirror, the SQL grammar) is JupyterLab's own copy, so this file stays small and offline. Whatever goes wrong,
 * the cell keeps its Python colours and nothing else changes.
 */
(() => {
  'use strict';
  const NAME = 'casekit-sql';
  const SQL_CELL = /^\s*%%sql(?:\s|$)/;
  let shared = {};

  const quietly = error => console.debug(NAME + ': no SQL colours.', error);

  /* "10.2.0" is newer than "9.9.9"; as text it would not be. */
  const newestFirst = (a, b) => {
    const left = a.split(/[.-]/).map(Number), right = b.split(/[.-]/).map(Number);
    for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
      const difference = (right[i] || 0) - (left[i] || 0);
      if (difference) return difference;
    }
    return 0;
  };

  const use = async name => {
    const versions = shared[name];
    if (!versions) throw new Error('JupyterLab does not share ' + name);
    const factory = await versions[Object.keys(versions).sort(newestFirst)[0]].get();
    return factory();
  };

  /* The magic line is no SQL: one quiet colour over whatever the grammar makes of it. */
  const magicLook = view => view.EditorView.theme({
    '.cm-casekit-magic, .cm-casekit-magic span': {
      color: 'var(--jp-mirror-editor-operator-color, #7a5fb0) !important',
      fontWeight: 'normal !important',
      textDecoration: 'none !important'
    }
  });

  /* One editor's part: watches the first line, and swaps the SQL grammar in and out. */
  const colouring = (sql, state, view) => {
    const slot = new state.Compartment();
    const magicLine = view.Decoration.set([view.Decoration.line({ class: 'cm-casekit-magic' }).range(0)]);
    const isSql = doc => SQL_CELL.test(doc.sliceString(0, 200));
    const grammar = on => on
      ? [state.Prec.highest(sql), magicLook(view), view.EditorView.decorations.of(magicLine)]
      : [];
    const watcher = view.ViewPlugin.define(editor => {
      let coloured = false, gone = false;
      const look = () => {
        const wanted = isSql(editor.state.doc);
        if (wanted === coloured) return;
        coloured = wanted;
        /* An update may not start another one, so the swap waits for this one to end. */
        Promise.resolve().then(() => {
          if (!gone) editor.dispatch({ effects: slot.reconfigure(grammar(wanted)) });
        }).catch(quietly);
      };
      look();
      return { update: change => { if (change.docChanged) look(); }, destroy: () => { gone = true; } };
    });
    return [slot.of([]), watcher];
  };

  const makePlugin = async () => {
    const [codemirror, state, view] = await Promise.all(
      ['@jupyterlab/codemirror', '@codemirror/state', '@codemirror/view'].map(use)
    );
    return {
      id: NAME + ':colours',
      description: 'SQL colours in %%sql cells',
      autoStart: true,
      optional: [codemirror.IEditorExtensionRegistry, codemirror.IEditorLanguageRegistry],
      activate: async (app, extensions, languages) => {
        try {
          const language = languages.findByName('sql') || languages.findByMIME('text/x-sql');
          const sql = (await languages.getLanguage(language)).support;
          extensions.addExtension(Object.freeze({
            name: NAME,
            factory: () => codemirror.EditorExtensionRegistry.createImmutableExtension(colouring(sql, state, view))
          }));
        } catch (error) {
          quietly(error);
        }
      }
    };
  };

  /* A plugin that does nothing stands in when JupyterLab's insides have moved. */
  const plugin = () => makePlugin().catch(error => {
    quietly(error);
    return { id: NAME + ':colours', autoStart: true, activate: () => undefined };
  });

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: scope => { shared = scope; },
    get: async module => {
      if (module === './style') return () => ({});
      const made = await plugin();
      return () => ({ __esModule: true, default: made });
    }
  };
})();
