package main

import (
	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/mapping/pack"
)

func (o *renderOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&o.formats, "format", formats, "formats to render")
	f.StringSliceVar(&o.langs, "lang", []string{"en"}, "languages to render: en, ja")
	f.IntVar(&o.maxFindings, "max-findings", 25, "findings printed per requirement in the PDF; the workbook always has all")
	f.BoolVar(&o.force, "force", false, "replace files of an earlier run")
}

func renderCommand(e env) *cobra.Command {
	var out string
	var opts renderOptions
	cmd := &cobra.Command{
		Use:   "render PACK --out DIR",
		Short: "Render a pack as PDF and Excel in English and Japanese",
		Long: `render reads the folder that map made and writes audit-pack-<lang>.<format> into DIR. The same pack and options give the
same bytes, on every machine.`,
		Example: `  auditpack render client.pack --format pdf,xlsx --lang en,ja --out packs`,
		Args:    exactly("PACK"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := opts.check(); err != nil {
				return err
			}
			if out == "" {
				return hint(usagef("render needs --out"), "auditpack render %s --out packs", args[0])
			}
			r, err := pack.Open(args[0])
			if err != nil {
				return hint(err, "auditpack map makes a pack folder from a bundle")
			}
			return renderAll(cmd.Context(), e, r, out, opts)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder for the rendered files")
	opts.flags(cmd)
	return cmd
}
